import type { AssistantContent, Message } from "@agentwerk/core";
import { expect, test } from "vitest";
import { toMessages, type WireMessage } from "./to-messages.ts";

const map = (...messages: readonly Message[]): readonly WireMessage[] => toMessages(messages, "anthropic");
const says = (text: string): Message => ({ role: "user", content: [{ type: "text", text }] });
const answers = (...content: readonly AssistantContent[]): Message => ({ role: "assistant", content });
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const thinking = { type: "reasoning", text: "Hm.", signature: "s1", provider: "anthropic" } as const;
const omitted = { ...thinking, text: "", signature: "s2" };
const redacted = { ...omitted, signature: "d", redacted: true };
const call = { type: "tool_call", id: "toolu_1", name: "calculate", input: { a: 1 } } as const;

test("thinking goes back as it came: shown, without its text, or redacted; unsigned thinking does not", () => {
  const { signature: _, ...unsigned } = thinking;
  expect(map(says("Hello."), answers(thinking, omitted, redacted, unsigned, call))[1]?.content).toEqual([
    { type: "thinking", thinking: "Hm.", signature: "s1" },
    { type: "thinking", thinking: "", signature: "s2" },
    { type: "redacted_thinking", data: "d" },
    { type: "tool_use", id: "toolu_1", name: "calculate", input: { a: 1 } },
  ]);
});

test("a message does not end with thinking, and one of nothing else is not sent", () => {
  const text = { type: "text", text: "Hi." } as const;
  expect(map(says("Hello."), answers(text, thinking))[1]?.content).toEqual([text]);
  expect(map(says("Hello."), answers(thinking))).toHaveLength(1);
});

test("a call of a tool that was never offered goes back by a name that is taken", () => {
  const names = ["functions.calculate", "", "a".repeat(90)];
  const calls = names.map((name, index) => ({ ...call, id: `toolu_${index}`, name }));
  const sent = map(says("Hello."), answers(...calls))[1]?.content.map(({ name }) => name);
  expect(sent).toEqual(["functions_calculate", "_", "a".repeat(64)]);
});

test("results stand first in one message of the user, with what was said after them", () => {
  const result = (callId: string, text: string): Message => ({
    role: "tool",
    content: [{ type: "tool_result", callId, content: [{ type: "text", text }], isError: text === "No." }],
  });
  const calls = answers(call, { ...call, id: "toolu_2" });
  const sent = map(says("Hello."), calls, result("toolu_1", "1"), result("toolu_2", "No."), says("And?"));
  expect(sent.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
  expect(sent[2]?.content).toEqual([
    { type: "tool_result", tool_use_id: "toolu_1", content: [{ type: "text", text: "1" }] },
    { type: "tool_result", tool_use_id: "toolu_2", content: [{ type: "text", text: "No." }], is_error: true },
    { type: "text", text: "And?" },
  ]);
});

test("a PDF is a base64 document and a text file a text document, each with its name", () => {
  const pdf = { type: "document", mediaType: "application/pdf", data: "JVBERg==", name: "b.pdf" } as const;
  const text = { type: "document", mediaType: "text/csv", data: base64("a,b"), name: "a.csv" } as const;
  expect(map({ role: "user", content: [pdf, text] })[0]?.content).toEqual([
    {
      type: "document",
      source: { type: "base64", media_type: "application/pdf", data: "JVBERg==" },
      title: "b.pdf",
    },
    { type: "document", source: { type: "text", media_type: "text/plain", data: "a,b" }, title: "a.csv" },
  ]);
});
