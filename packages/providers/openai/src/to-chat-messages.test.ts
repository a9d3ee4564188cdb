import type { Message } from "@agentwerk/core";
import { expect, test } from "vitest";
import { resolveCompatibility } from "./compatibility.ts";
import { toInputItems } from "./responses/to-input-items.ts";
import { type ChatMessage, toChatMessages } from "./to-chat-messages.ts";

function map(messages: readonly Message[], system = ""): readonly ChatMessage[] {
  const compatibility = resolveCompatibility({}, true);
  return toChatMessages({ system, messages, providerName: "openai", compatibility });
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

test("a system prompt comes first, an empty one not at all", () => {
  expect(map([], "Be nice.")).toEqual([{ role: "system", content: "Be nice." }]);
  expect(map([])).toEqual([]);
});

test.each([
  ["functions.calculate", "functions_calculate"],
  ["", "_"],
  ["größe $(id)", "gr__e___id_"],
  ["a".repeat(90), "a".repeat(64)],
  ["get-all_2", "get-all_2"],
])("a call of a tool that was never offered, %j, goes back by a name that is taken", (name, expected) => {
  const call = { type: "tool_call", id: "a", name, input: {} } as const;
  expect(map([{ role: "assistant", content: [call] }])).toMatchObject([
    { tool_calls: [{ function: { name: expected } }] },
  ]);
  expect(toInputItems([{ role: "assistant", content: [call] }], "openai")).toMatchObject([
    { name: expected },
  ]);
});

test("a text document is text with its name, a PDF a file", () => {
  const text = { type: "document", mediaType: "text/plain", data: base64("Hello."), name: "a.txt" } as const;
  const pdf = { type: "document", mediaType: "application/pdf", data: "JVBERg==", name: "b.pdf" } as const;
  expect(map([{ role: "user", content: [text, pdf] }])).toEqual([
    {
      role: "user",
      content: [
        { type: "text", text: "a.txt:\n\nHello." },
        { type: "file", file: { filename: "b.pdf", file_data: "data:application/pdf;base64,JVBERg==" } },
      ],
    },
  ]);
});

test("files of tool results follow after the last result, in one message", () => {
  const image = { type: "image", mediaType: "image/png", data: "AAAA" } as const;
  const sent = map([
    {
      role: "tool",
      content: [
        { type: "tool_result", callId: "a", content: [image] },
        { type: "tool_result", callId: "b", content: [{ type: "text", text: "4" }] },
      ],
    },
  ]);
  expect(sent).toEqual([
    { role: "tool", tool_call_id: "a", content: "The content follows in the next message." },
    { role: "tool", tool_call_id: "b", content: "4" },
    {
      role: "user",
      content: [
        { type: "text", text: "Content of the tool result a:" },
        { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
      ],
    },
  ]);
});

test("a failed result says that it is an error, once", () => {
  const failed = (text: string): Message => ({
    role: "tool",
    content: [{ type: "tool_result", callId: "a", content: [{ type: "text", text }], isError: true }],
  });
  expect(map([failed("No such file."), failed("Error: no such file.")])).toMatchObject([
    { content: "Error: No such file." },
    { content: "Error: no such file." },
  ]);
});

test("an id of another vendor that is too long is shortened, for the call and its result alike", () => {
  const id = "x".repeat(60);
  const sent = map([
    { role: "assistant", content: [{ type: "tool_call", id, name: "calculate", input: {} }] },
    { role: "tool", content: [{ type: "tool_result", callId: id, content: [] }] },
  ]);
  const [calls, result] = sent;
  const short = calls?.role === "assistant" ? calls.tool_calls?.[0]?.id : undefined;
  expect(short).toMatch(/^call_[0-9a-f]{24}$/);
  expect(result).toMatchObject({ tool_call_id: short });
});

test("at OpenAI itself tools are strict where that loses nothing", () => {
  expect(resolveCompatibility({}, true).strictTools).toBe(true);
  expect(resolveCompatibility({}, false).strictTools).toBe(false);
  expect(resolveCompatibility({ strictTools: false }, true).strictTools).toBe(false);
});
