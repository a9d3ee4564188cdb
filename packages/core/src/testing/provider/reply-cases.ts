import { expect } from "vitest";
import type { ResponseEvent } from "../../provider/provider.ts";
import { calculateTool } from "./calculate-tool.ts";
import type { ProviderCase } from "./provider-case.ts";
import { ask, askFor } from "./provider-case.ts";

const tools = [calculateTool];

/** What becomes of a reply: text, calls, reasoning, usage, the reason of its end. */
export const replyCases: readonly ProviderCase[] = [
  {
    id: "text",
    title: "a text reply is one text block",
    async run(context) {
      const { response } = await askFor(context, { text: "It is 42." });
      expect(response.content).toEqual([{ type: "text", text: "It is 42." }]);
      expect(response.stopReason).toBe("end_turn");
      expect(response.model).toBe(context.bench.model);
    },
  },
  {
    id: "chunks",
    title: "the chunks of a stream add up to the reply",
    mode: "streamed",
    async run(context) {
      const text = "Grüße! 👋🏽 Six times seven is forty-two, 六七四十二. ".repeat(20);
      const { response, events } = await askFor(context, { text });
      expect(events.length).toBeGreaterThan(1);
      expect(textOfEvents(events, "text")).toBe(text);
      expect(response.content).toEqual([{ type: "text", text }]);
    },
  },
  {
    id: "tool_call",
    title: "a tool call comes with its id, name and parsed arguments",
    async run(context) {
      const toolCalls = [{ name: "calculate", input: { expression: "6 * 7", digits: 2 } }];
      const { response } = await askFor(context, { toolCalls }, { request: { tools } });
      expect(response.content).toEqual([
        {
          type: "tool_call",
          id: expect.stringMatching(/./),
          name: "calculate",
          input: { expression: "6 * 7", digits: 2 },
        },
      ]);
      expect(response.stopReason).toBe("tool_calls");
    },
  },
  {
    id: "parallel_tool_calls",
    title: "several calls of one reply keep their order and have ids of their own, after the text",
    async run(context) {
      const toolCalls = ["1 + 1", "2 + 2", "3 + 3"].map((expression) => ({
        name: "calculate",
        input: { expression },
      }));
      const { response } = await askFor(context, { text: "Let me see.", toolCalls }, { request: { tools } });
      const calls = response.content.filter((block) => block.type === "tool_call");
      expect(response.content[0]).toEqual({ type: "text", text: "Let me see." });
      expect(calls.map((call) => call.input)).toEqual(toolCalls.map((call) => call.input));
      expect(new Set(calls.map((call) => call.id)).size).toBe(3);
    },
  },
  {
    id: "no_arguments",
    title: "a call without arguments has an empty object as input",
    async run(context) {
      const toolCalls = [{ name: "calculate", arguments: "" }];
      const { response } = await askFor(context, { toolCalls }, { request: { tools } });
      expect(response.content).toMatchObject([{ type: "tool_call", input: {} }]);
      expect(response.content[0]).not.toHaveProperty("malformedInput");
    },
  },
  {
    id: "malformed_arguments",
    title: "arguments that are not JSON are kept as they came, with an empty input",
    async run(context) {
      const text = '{"expression": "6 * 7';
      const toolCalls = [{ name: "calculate", arguments: text }];
      const { response } = await askFor(context, { toolCalls }, { request: { tools } });
      expect(response.content).toMatchObject([{ type: "tool_call", input: {}, malformedInput: text }]);
    },
  },
  {
    id: "unknown_tool",
    title: "a call of a tool that was never offered is handed on as it is",
    async run(context) {
      const toolCalls = [{ name: "no_such_tool", input: { a: 1 } }];
      const { response } = await askFor(context, { toolCalls }, { request: { tools } });
      expect(response.content).toMatchObject([{ type: "tool_call", name: "no_such_tool", input: { a: 1 } }]);
    },
  },
  {
    id: "reasoning",
    title: "thinking is a reasoning block before the answer, marked with its provider",
    async run(context) {
      const reply = { reasoning: "Seven times six. That is easy, is it not?", text: "42" };
      const { response, events } = await askFor(context, reply);
      const [reasoning, text] = response.content;
      expect(reasoning).toMatchObject({ type: "reasoning", text: reply.reasoning });
      expect(reasoning).toHaveProperty("provider", providerName(context));
      expect(text).toEqual({ type: "text", text: "42" });
      if (context.streamed) expect(textOfEvents(events, "reasoning")).toBe(reply.reasoning);
    },
  },
  {
    id: "hidden_reasoning",
    title: "thinking that the vendor keeps to itself is a reasoning block with its proof and no text",
    async run(context) {
      const { response, events } = await askFor(context, { signature: "b3BhcXVl", text: "42" });
      const [reasoning] = response.content;
      expect(reasoning).toMatchObject({ type: "reasoning", text: "" });
      expect(reasoning).toHaveProperty("signature", expect.stringContaining("b3BhcXVl"));
      expect(events.filter(({ type }) => type === "reasoning")).toEqual([]);
    },
  },
  {
    id: "empty_reply",
    title: "an empty reply is an answer without content",
    async run(context) {
      const { response } = await askFor(context, { text: "" });
      expect(response.content).toEqual([]);
      expect(response.stopReason).toBe("end_turn");
    },
  },
  {
    id: "huge_reply",
    title: "a reply of two million characters arrives whole, in a time that grows with its length only",
    async run(context) {
      const text = "0123456789abcdef".repeat(125_000);
      const { response } = await askFor(context, { text }, { request: { maxOutputTokens: 1_000_000 } });
      const [block] = response.content;
      expect(block?.type === "text" && block.text === text).toBe(true);
    },
  },
  {
    id: "truncated",
    title: "a reply that was cut at the token limit says so",
    async run(context) {
      const { response } = await askFor(context, { text: "It is fo", stop: "max_output_tokens" });
      expect(response.stopReason).toBe("max_output_tokens");
      expect(response.content).toEqual([{ type: "text", text: "It is fo" }]);
    },
  },
  {
    id: "refusal",
    title: "a refusal is no answer, and its words are kept",
    async run(context) {
      const { response } = await askFor(context, { refusal: "I cannot help with that." });
      expect(response.stopReason).toBe("refusal");
      expect(response.content).toEqual([{ type: "text", text: "I cannot help with that." }]);
    },
  },
  {
    id: "content_filter",
    title: "a reply that the vendor's filter stopped is a refusal",
    async run(context) {
      const { response } = await askFor(context, { text: "It is", stop: "content_filtered" });
      expect(response.stopReason).toBe("refusal");
    },
  },
  {
    id: "usage",
    title: "input and output tokens are counted",
    async run(context) {
      const { response } = await askFor(context, {
        text: "42",
        usage: { inputTokens: 120, outputTokens: 7 },
      });
      expect(response.usage).toMatchObject({ inputTokens: 120, outputTokens: 7 });
    },
  },
  {
    id: "cached_usage",
    title: "cached tokens are part of the input tokens",
    async run(context) {
      const usage = { inputTokens: 5000, outputTokens: 7, cachedTokens: 4096 };
      const { response } = await askFor(context, { text: "42", usage });
      expect(response.usage).toMatchObject({ inputTokens: 5000, cacheReadTokens: 4096 });
    },
  },
  {
    id: "reasoning_usage",
    title: "reasoning tokens are part of the output tokens",
    async run(context) {
      const usage = { inputTokens: 50, outputTokens: 700, reasoningTokens: 640 };
      const { response } = await askFor(context, { text: "42", usage });
      expect(response.usage).toMatchObject({ outputTokens: 700, reasoningTokens: 640 });
    },
  },
  {
    id: "request_id",
    title: "the vendor's id of the request is kept",
    async run(context) {
      const { response } = await askFor(context, { text: "42" });
      expect(response.requestId).toEqual(expect.stringMatching(/./));
    },
  },
  {
    id: "max_output_tokens",
    title: "the limit for the reply reaches the vendor",
    async run(context) {
      context.bench.script([{ text: "42" }]);
      await ask(context, { request: { maxOutputTokens: 321 } });
      expect(context.bench.requests()[0]?.maxOutputTokens).toBe(321);
    },
  },
];

function textOfEvents(events: readonly ResponseEvent[], type: ResponseEvent["type"]): string {
  return events
    .filter((event) => event.type === type)
    .map((event) => event.text)
    .join("");
}

function providerName({ bench }: { readonly bench: Parameters<ProviderCase["run"]>[0]["bench"] }): string {
  return bench.provider({ apiKey: "sk-name-0123456789", timeoutMs: 1_000, idleTimeoutMs: 1_000 }).name;
}
