import { expect } from "vitest";
import type { Message } from "../../provider/content.ts";
import { textBlock, textOf } from "../../provider/content.ts";
import type { ModelRequest, ModelResponse, Provider, ResponseEvent } from "../../provider/provider.ts";
import { calculateTool } from "./calculate-tool.ts";
import { pixel } from "./files.ts";

/** A promise that can be checked against the vendor itself; its id is that of the case with a far side. */
export interface LiveCase {
  readonly id: string;
  readonly title: string;
  run(context: LiveContext): Promise<void>;
}

export interface LiveContext {
  /** With the key of the environment, unless another is given. */
  provider(apiKey?: string): Provider;
  readonly model: string;
  readonly streamed: boolean;
}

export const liveCases: readonly LiveCase[] = [
  {
    id: "text",
    title: "a text reply comes with usage and the id of its request; its chunks add up to it",
    async run(context) {
      const { response, heard } = await ask(context, { messages: [userSays("Say the word ready.")] });
      expect(textOf(response.content)).toMatch(/ready/i);
      expect(response).toMatchObject({ stopReason: "end_turn", requestId: expect.stringMatching(/./) });
      expect(response.usage.inputTokens).toBeGreaterThan(0);
      expect(response.usage.outputTokens).toBeGreaterThan(0);
      if (context.streamed) expect(heard).toBe(textOf(response.content));
    },
  },
  {
    id: "tool_results",
    title: "a call is answered, and the answer used, with whatever thinking came with the call sent back",
    async run(context) {
      const question = userSays("Call the tool calculate with 1234 * 5678, then say its result in digits.");
      const first = await ask(context, { messages: [question], tools: [calculateTool] });
      const calls = first.response.content.filter((block) => block.type === "tool_call");
      expect(calls.map(({ name }) => name)).toContain("calculate");
      const results = calls.map(({ id }) => {
        return { type: "tool_result", callId: id, content: [textBlock("7006652")] } as const;
      });
      const messages: readonly Message[] = [
        question,
        { role: "assistant", content: first.response.content },
        { role: "tool", content: results },
      ];
      const second = await ask(context, { messages, tools: [calculateTool] });
      expect(textOf(second.response.content).replace(/\D/g, "")).toContain("7006652");
    },
  },
  {
    id: "images",
    title: "an image is accepted",
    async run(context) {
      const image = { type: "image", mediaType: "image/png", data: pixel } as const;
      const messages: readonly Message[] = [
        { role: "user", content: [textBlock("Which colour is this? One word."), image] },
      ];
      const { response } = await ask(context, { messages });
      expect(textOf(response.content)).not.toBe("");
    },
  },
  {
    id: "truncated",
    title: "a reply that was cut at the token limit says so",
    async run(context) {
      const messages = [userSays("Count from 1 to 500, each number in words.")];
      const { response } = await ask(context, { messages, maxOutputTokens: 64 });
      expect(response.stopReason).toBe("max_output_tokens");
    },
  },
  {
    id: "wrong_key",
    title: "a wrong key is authentication_failed",
    async run(context) {
      const provider = context.provider("sk-wrong-0123456789abcdef");
      const asked = ask({ ...context, provider: () => provider }, { messages: [userSays("Hello!")] });
      await expect(asked).rejects.toMatchObject({ reason: "authentication_failed", retryable: false });
    },
  },
];

async function ask(
  { provider, model, streamed }: LiveContext,
  request: Pick<ModelRequest, "messages"> & Partial<ModelRequest>,
): Promise<{ readonly response: ModelResponse; readonly heard: string }> {
  let heard = "";
  const onEvent = ({ type, text }: ResponseEvent): void => {
    if (type === "text") heard += text;
  };
  const response = await provider().respond(
    { model, system: "You answer briefly.", tools: [], toolChoice: "auto", ...request },
    streamed ? { onEvent } : {},
  );
  return { response, heard };
}

function userSays(text: string): Message {
  return { role: "user", content: [textBlock(text)] };
}
