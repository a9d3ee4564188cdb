import type { ModelResponse } from "@agentwerk/core";
import type { ReplyOptions, SimulatorOptions } from "@agentwerk/llm-simulator";
import { startSimulator } from "@agentwerk/llm-simulator";
import { describe, expect, test } from "vitest";
import { anthropic } from "./anthropic.ts";

interface AskOptions {
  readonly simulator: SimulatorOptions;
  readonly streamed: boolean;
  readonly texts?: readonly string[];
}

async function ask({
  simulator: options,
  streamed,
  texts = ["Hello."],
}: AskOptions): Promise<ModelResponse[]> {
  await using simulator = await startSimulator(options);
  const model = anthropic("claude-sonnet-5-5", {
    apiKey: "sk-ant-0123456789",
    baseUrl: simulator.baseUrls.anthropic,
    env: {},
  });
  const responses: ModelResponse[] = [];
  for (const text of texts) {
    const request = {
      model: model.name,
      system: "Be brief. ".repeat(1_000),
      messages: [{ role: "user", content: [{ type: "text", text }] }],
      tools: [],
      toolChoice: "auto",
    } as const;
    responses.push(await model.provider.respond(request, streamed ? { onEvent: () => undefined } : {}));
  }
  return responses;
}

describe.each([
  { way: "whole", streamed: false },
  { way: "streamed", streamed: true },
])("Anthropic's own ways, $way", ({ streamed }) => {
  const stops: readonly (readonly [ReplyOptions, Partial<ModelResponse>])[] = [
    [{ text: "I searched.", stop: "paused" }, { stopReason: "pause" }],
    [{ text: "It is fo", stop: "context_window_full" }, { stopReason: "max_output_tokens" }],
    [{ refusal: "Not this." }, { stopReason: "refusal", content: [{ type: "text", text: "Not this." }] }],
    [{ stop: "content_filtered" }, { stopReason: "refusal", content: [] }],
  ];
  test.each(stops)("%j ends as it should", async (reply, expected) => {
    const [response] = await ask({ simulator: { script: [reply] }, streamed });
    expect(response).toMatchObject(expected);
  });

  test("calls of one reply have ids of their own, whatever a compatible server gave them", async () => {
    const call = { name: "calculate", id: "toolu_1", input: {} };
    const [response] = await ask({ simulator: { script: [{ toolCalls: [call, call] }] }, streamed });
    const ids = response?.content.flatMap((block) => (block.type === "tool_call" ? [block.id] : []));
    expect(ids).toEqual(["toolu_1", expect.stringMatching(/^toolu_.{18}$/)]);
    expect(new Set(ids).size).toBe(2);
  });

  test("redacted thinking is told from thinking whose text is left out", async () => {
    const [response] = await ask({
      simulator: { script: [{ signature: "b3BhcXVl", text: "42" }] },
      streamed,
    });
    expect(response?.content[0]).toEqual({
      type: "reasoning",
      text: "",
      signature: "b3BhcXVl",
      redacted: true,
      provider: "anthropic",
    });
  });

  test("what was written to the cache and read from it is part of the input", async () => {
    const usage = await ask({
      simulator: { script: ["1", "2"], promptCache: true },
      texts: ["One.", "Two."],
      streamed,
    });
    const [first, second] = usage.map((response) => response.usage);
    expect(first?.cacheWriteTokens).toBeGreaterThan(2_000);
    expect(first?.cacheReadTokens).toBe(0);
    expect(second?.cacheReadTokens).toBe(first?.cacheWriteTokens);
    expect(second?.inputTokens).toBeGreaterThanOrEqual(second?.cacheReadTokens ?? Number.NaN);
  });
});
