import type { Message, ModelResponse } from "@agentwerk/core";
import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4Content } from "@ai-sdk/provider";
import { expect, test } from "vitest";
import { aiSdk } from "./ai-sdk.ts";

/*
 * What vendors sign, as their AI SDK packages hand it on: Gemini's thought signatures stand on calls, Anthropic's on
 * thinking, and OpenAI's item ids on everything.
 */
const signed: readonly LanguageModelV4Content[] = [
  { type: "reasoning", text: "Hm.", providerMetadata: { vendor: { signature: "of the thinking" } } },
  { type: "reasoning", text: "", providerMetadata: { vendor: { redactedData: "hidden" } } },
  { type: "text", text: "Let me see.", providerMetadata: { vendor: { itemId: "msg_1" } } },
  {
    type: "tool-call",
    toolCallId: "a",
    toolName: "calculate",
    input: "{}",
    providerMetadata: { vendor: { thoughtSignature: "of the call" } },
  },
  { type: "tool-call", toolCallId: "b", toolName: "calculate", input: "{}" },
];

const sentBack = [
  { type: "reasoning", text: "Hm.", providerOptions: { vendor: { signature: "of the thinking" } } },
  { type: "reasoning", text: "", providerOptions: { vendor: { redactedData: "hidden" } } },
  { type: "text", text: "Let me see.", providerOptions: { vendor: { itemId: "msg_1" } } },
  {
    type: "tool-call",
    toolCallId: "a",
    toolName: "calculate",
    input: {},
    providerOptions: { vendor: { thoughtSignature: "of the call" } },
  },
  { type: "tool-call", toolCallId: "b", toolName: "calculate", input: {} },
];

const usage = {
  inputTokens: { total: 1, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 1, text: undefined, reasoning: undefined },
};

const end = { finishReason: { unified: "tool-calls", raw: undefined }, usage } as const;

interface Recorder {
  readonly model: LanguageModelV4;
  readonly calls: LanguageModelV4CallOptions[];
}

function recorder(provider = "vendor.chat"): Recorder {
  const calls: LanguageModelV4CallOptions[] = [];
  const model: LanguageModelV4 = {
    specificationVersion: "v4",
    provider,
    modelId: "m",
    supportedUrls: {},
    async doGenerate(options) {
      calls.push(options);
      return { content: [...signed], warnings: [], ...end };
    },
    async doStream(options) {
      calls.push(options);
      return { stream: streamed() };
    },
  };
  return { model, calls };
}

/** Signatures come with the last piece of a block. */
function streamed(): Awaited<ReturnType<LanguageModelV4["doStream"]>>["stream"] {
  return new ReadableStream({
    start(controller) {
      for (const [index, part] of signed.entries()) {
        const id = String(index);
        if (part.type === "tool-call") controller.enqueue(part);
        if (part.type !== "text" && part.type !== "reasoning") continue;
        const { providerMetadata = {} } = part;
        controller.enqueue({ type: `${part.type}-start`, id });
        controller.enqueue({ type: `${part.type}-delta`, id, delta: part.text });
        controller.enqueue({ type: `${part.type}-end`, id, providerMetadata });
      }
      controller.enqueue({ type: "finish", ...end });
      controller.close();
    },
  });
}

interface AskOptions {
  readonly messages?: readonly Message[];
  readonly streamed?: boolean;
  readonly provider?: string;
}

async function ask({ messages = [], streamed = false, provider }: AskOptions = {}): Promise<{
  readonly response: ModelResponse;
  readonly call: LanguageModelV4CallOptions | undefined;
}> {
  const { model, calls } = recorder(provider);
  const response = await aiSdk(model).provider.respond(
    { model: "m", system: "Be brief.", messages, tools: [], toolChoice: "auto" },
    streamed ? { onEvent: () => undefined } : {},
  );
  return { response, call: calls[0] };
}

test.each([{ streamed: false }, { streamed: true }])(
  "what a vendor signed goes back to it on the same blocks, $streamed",
  async ({ streamed }) => {
    const { response } = await ask({ streamed });
    const { call } = await ask({ messages: [{ role: "assistant", content: response.content }] });
    expect(call?.prompt).toEqual([
      { role: "system", content: "Be brief." },
      { role: "assistant", content: sentBack },
    ]);
  },
);

test("another vendor gets none of it", async () => {
  const { response } = await ask();
  const message: Message = { role: "assistant", content: response.content };
  const { call } = await ask({ messages: [message], provider: "other.chat" });
  const parts = call?.prompt.at(-1)?.content;
  expect(JSON.stringify(parts)).not.toContain("of the");
  expect(parts).toHaveLength(3);
});

test("Anthropic's models are told to cache the stable prefix and the conversation so far", async () => {
  const messages: readonly Message[] = [{ role: "user", content: [{ type: "text", text: "Hello." }] }];
  const mark = { anthropic: { cacheControl: { type: "ephemeral" } } };
  const marked = await ask({ messages, provider: "vertex.anthropic.messages" });
  expect(marked.call?.prompt).toMatchObject([{ providerOptions: mark }, { providerOptions: mark }]);
  const unmarked = await ask({ messages });
  expect(JSON.stringify(unmarked.call?.prompt)).not.toContain("providerOptions");
});
