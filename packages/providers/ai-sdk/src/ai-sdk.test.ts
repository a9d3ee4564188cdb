import type { ModelRequest } from "@agentwerk/core";
import { startSimulator } from "@agentwerk/llm-simulator";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
} from "@ai-sdk/provider";
import { describe, expect, test } from "vitest";
import { aiSdk } from "./ai-sdk.ts";
import type { AiSdkLanguageModel } from "./language-model.ts";

const request: ModelRequest = {
  model: "local-model",
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "Hello." }] }],
  tools: [],
  toolChoice: "auto",
};

function never<Result>(): Promise<Result> {
  return new Promise(() => undefined);
}

function modelWith(methods: Partial<LanguageModelV4>): LanguageModelV4 {
  return {
    specificationVersion: "v4",
    provider: "vendor.chat",
    modelId: "local-model",
    supportedUrls: {},
    doGenerate: never,
    doStream: never,
    ...methods,
  };
}

describe("aiSdk", () => {
  test("headers, provider options and extra fields reach the vendor", async () => {
    await using simulator = await startSimulator({ script: ["Hi."] });
    const languageModel = createOpenAICompatible({ name: "my-server", baseURL: simulator.baseUrl })(
      "local-model",
    );
    const model = aiSdk(languageModel, {
      headers: { "x-team": "blue" },
      providerOptions: { myServer: { reasoningEffort: "low", top_k: 1 } },
      extraBody: { top_k: 2 },
    });
    await model.provider.respond({ ...request, extraBody: model.extraBody }, {});
    expect(simulator.requests[0]?.headers).toMatchObject({ "x-team": "blue" });
    expect(simulator.requests[0]?.body).toMatchObject({ reasoning_effort: "low", top_k: 2 });
  });

  test("takes its name from the model, and refuses requests for another", async () => {
    const model = aiSdk(modelWith({}), { contextWindow: 1_000 });
    expect(model).toMatchObject({ name: "local-model", contextWindow: 1_000 });
    expect(model.provider.name).toBe("ai-sdk-vendor");
    const asked = model.provider.respond({ ...request, model: "gpt-5" }, {});
    await expect(asked).rejects.toMatchObject({ reason: "invalid_request", retryable: false });
  });

  test.each([
    ["openai/gpt-5", 'gateway("openai/gpt-5")'],
    [{ specificationVersion: "v2" }, "speaks version v2"],
    [{}, "is no language model"],
    [undefined, "is no language model"],
  ])("%j is refused with the reason", (given, message) => {
    expect(() => aiSdk(given as unknown as AiSdkLanguageModel)).toThrow(message);
  });
});

describe("a model that does not look at its signal", () => {
  test.each([
    ["whole", modelWith({}), {}],
    ["streamed", modelWith({}), { onEvent: () => undefined }],
    [
      "silent in its stream",
      modelWith({ doStream: async () => ({ stream: new ReadableStream() }) }),
      { onEvent: () => undefined },
    ],
  ])("%s, is left behind by an abort and by a timeout", async (_, languageModel, options) => {
    const reason = new Error("changed my mind");
    const controller = new AbortController();
    const aborted = aiSdk(languageModel).provider.respond(request, { ...options, signal: controller.signal });
    setTimeout(() => controller.abort(reason), 5);
    await expect(aborted).rejects.toBe(reason);
    const { provider } = aiSdk(languageModel, { timeout: 10, idleTimeout: 10 });
    await expect(provider.respond(request, options)).rejects.toMatchObject({
      reason: "timed_out",
      message: expect.stringContaining("vendor-chat"),
    });
  });
});

function ending(unified: LanguageModelV4FinishReason["unified"], raw?: string): LanguageModelV4 {
  const tokens = { total: undefined, noCache: 3, cacheRead: 2, cacheWrite: undefined };
  return modelWith({
    doGenerate: async () => ({
      content: [
        { type: "tool-call", toolCallId: "a", toolName: "web_search", input: "{}", providerExecuted: true },
      ],
      finishReason: { unified, raw },
      usage: {
        inputTokens: tokens,
        outputTokens: { total: undefined, text: 4, reasoning: 1 },
      },
      warnings: [],
    }),
  });
}

describe("calls that bend the rules", () => {
  function answering(...calls: readonly { readonly toolCallId: string; readonly toolName: string }[]): {
    readonly model: LanguageModelV4;
    readonly asked: LanguageModelV4CallOptions[];
  } {
    const asked: LanguageModelV4CallOptions[] = [];
    const model = modelWith({
      doGenerate: async (options) => {
        asked.push(options);
        return {
          content: calls.map((call) => ({ type: "tool-call", input: "{}", ...call })),
          finishReason: { unified: "tool-calls", raw: undefined },
          usage: noTokens,
          warnings: [],
        };
      },
    });
    return { model, asked };
  }

  test("ids that are missing or the same for all become ids of their own", async () => {
    const call = { toolCallId: "call", toolName: "calculate" };
    const { model } = answering(call, call, { ...call, toolCallId: "" });
    const { content } = await aiSdk(model).provider.respond(request, {});
    const ids = content.flatMap((block) => (block.type === "tool_call" ? [block.id] : []));
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toBe("call");
    expect(ids).not.toContain("");
  });

  test("a tool that was never offered goes back by a name that vendors take, with its result", async () => {
    const { model, asked } = answering();
    const call = { type: "tool_call", id: "a", name: "functions.calculate", input: {} } as const;
    const result = { type: "tool_result", callId: "a", content: [] } as const;
    await aiSdk(model).provider.respond(
      {
        ...request,
        messages: [
          { role: "assistant", content: [call] },
          { role: "tool", content: [result] },
        ],
      },
      {},
    );
    expect(asked[0]?.prompt).toMatchObject([
      { content: [{ toolName: "functions_calculate" }] },
      { content: [{ toolName: "functions_calculate" }] },
    ]);
  });
});

const noTokens = {
  inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 0, text: 0, reasoning: 0 },
};

describe("an answer's end", () => {
  test("a pause is a pause, and a call that the vendor carried out is none of ours", async () => {
    const response = await aiSdk(ending("other", "pause_turn")).provider.respond(request, {});
    expect(response).toMatchObject({
      stopReason: "pause",
      content: [],
      usage: { inputTokens: 5, outputTokens: 5 },
    });
  });

  test.each([
    ["error", "server_failed"],
    ["interrupted", "connection_failed"],
  ] as const)("%s is a failure", async (unified, reason) => {
    const asked = aiSdk(ending(unified)).provider.respond(request, {});
    await expect(asked).rejects.toMatchObject({ reason, retryable: true });
  });
});
