import type { ModelRequest, ModelResponse } from "@agentwerk/core";
import type { SimulatorOptions } from "@agentwerk/llm-simulator";
import { startSimulator } from "@agentwerk/llm-simulator";
import { describe, expect, test } from "vitest";
import { openai } from "./openai.ts";
import type { OpenAIProviderOptions } from "./openai-options.ts";

const calls = {
  toolCalls: [
    { name: "calculate", input: { expression: "1 + 1" } },
    { name: "calculate", input: { expression: "2 + 2" } },
  ],
};

interface Exchange {
  readonly response: ModelResponse;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
}

interface AskOptions {
  readonly simulator: SimulatorOptions;
  readonly provider?: OpenAIProviderOptions;
  readonly request?: Partial<ModelRequest>;
  readonly streamed: boolean;
}

async function ask({ simulator: options, provider, request, streamed }: AskOptions): Promise<Exchange> {
  await using simulator = await startSimulator(options);
  const model = openai("local-model", { baseUrl: simulator.baseUrl, env: {}, ...provider });
  const response = await model.provider.respond(
    {
      model: model.name,
      system: "Be brief.",
      messages: [{ role: "user", content: [{ type: "text", text: "Calculate." }] }],
      tools: [{ name: "calculate", description: "Calculates.", inputSchema: { type: "object" } }],
      toolChoice: "auto",
      ...request,
    },
    streamed ? { onEvent: () => undefined } : {},
  );
  const [seen] = simulator.requests;
  return { response, body: seen?.body as Exchange["body"], headers: seen?.headers ?? {} };
}

describe.each([
  { way: "whole", streamed: false },
  { way: "streamed", streamed: true },
])("a server that resembles OpenAI, $way", ({ streamed }) => {
  test("needs no key, and gets none", async () => {
    const { headers } = await ask({ simulator: { script: ["Hi."] }, streamed });
    expect(headers).not.toHaveProperty("authorization");
  });

  test("may leave out ids, and bend arguments and finish reasons", async () => {
    const chatDialect = { omitToolCallIds: true, argumentsAsObject: true, stopWithToolCalls: true };
    const { response } = await ask({ simulator: { script: [calls], chatDialect }, streamed });
    const blocks = response.content.filter((block) => block.type === "tool_call");
    expect(blocks.map(({ input }) => input)).toEqual([{ expression: "1 + 1" }, { expression: "2 + 2" }]);
    expect(new Set(blocks.map(({ id }) => id)).size).toBe(2);
    expect(response.stopReason).toBe("tool_calls");
  });

  test("may give all calls the same id", async () => {
    const same = calls.toolCalls.map((call) => ({ ...call, id: "call" }));
    const { response } = await ask({ simulator: { script: [{ toolCalls: same }] }, streamed });
    const ids = response.content.flatMap((block) => (block.type === "tool_call" ? [block.id] : []));
    expect(new Set(ids).size).toBe(2);
  });

  test("may answer in one piece whatever it is asked", async () => {
    const simulator = { script: [calls], chatDialect: { neverStreams: true } };
    expect((await ask({ simulator, streamed })).response.stopReason).toBe("tool_calls");
  });

  test("may count nothing", async () => {
    const { response } = await ask({
      simulator: { script: ["Hi."], chatDialect: { omitUsage: true } },
      streamed,
    });
    expect(response.usage).toMatchObject({ inputTokens: 0, outputTokens: 0 });
  });

  test.each(["reasoning", "reasoning_content"] as const)("may think in the field %s", async (field) => {
    const reply = { reasoning: "Hm.", text: "Hi." };
    const { response } = await ask({
      simulator: { script: [reply], chatDialect: { reasoningField: field } },
      streamed,
    });
    expect(response.content[0]).toEqual({ type: "reasoning", text: "Hm.", provider: "openai" });
  });

  test("gets its thinking back where it wants it", async () => {
    const { body } = await ask({
      simulator: { script: ["Hi."] },
      provider: { compatibility: { reasoningField: "reasoning_content" }, providerName: "deepseek" },
      request: {
        messages: [
          { role: "user", content: [{ type: "text", text: "Hello." }] },
          {
            role: "assistant",
            content: [
              { type: "reasoning", text: "Hm.", provider: "deepseek" },
              { type: "text", text: "Hi." },
            ],
          },
          { role: "user", content: [{ type: "text", text: "And now?" }] },
        ],
      },
      streamed,
    });
    expect(body.messages).toContainEqual({ role: "assistant", content: "Hi.", reasoning_content: "Hm." });
  });

  test("is spared what it lacks", async () => {
    const { body } = await ask({
      simulator: { script: ["Hi."] },
      provider: { compatibility: { streamUsage: false, parallelToolCalls: false } },
      request: { maxOutputTokens: 100, extraBody: { top_k: 5 } },
      streamed,
    });
    expect(body).toMatchObject({ max_tokens: 100, parallel_tool_calls: false, top_k: 5 });
    expect(body).not.toHaveProperty("stream_options");
    expect(body).not.toHaveProperty("max_completion_tokens");
  });

  test("gets the headers that it is to get", async () => {
    const { headers } = await ask({
      simulator: { script: ["Hi."] },
      provider: { apiKey: "key-1", headers: { "x-team": "blue" }, organization: "org-1", project: "proj-1" },
      streamed,
    });
    expect(headers).toMatchObject({
      authorization: "Bearer key-1",
      "x-team": "blue",
      "openai-organization": "org-1",
      "openai-project": "proj-1",
    });
  });
});

test("a URL that leads elsewhere is a reply that cannot be read, with a hint", async () => {
  await using simulator = await startSimulator();
  const model = openai("m", { baseUrl: simulator.url, env: {} });
  const request = { model: "m", system: "", messages: [], tools: [], toolChoice: "auto" } as const;
  await expect(model.provider.respond(request, {})).rejects.toMatchObject({
    reason: "invalid_request",
    status: 404,
  });
});
