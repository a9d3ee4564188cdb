import type { AssistantContent, Message } from "@agentwerk/core";
import { expect, test } from "vitest";
import { type ChatMessage, toChatMessages } from "./to-chat-messages.ts";

const map = (...messages: readonly Message[]): readonly ChatMessage[] => toChatMessages(messages, "mistral");
const says = (text: string): Message => ({ role: "user", content: [{ type: "text", text }] });
const answers = (...content: readonly AssistantContent[]): Message => ({ role: "assistant", content });
const result = (callId: string, text: string, isError = false): Message => ({
  role: "tool",
  content: [{ type: "tool_result", callId, content: [{ type: "text", text }], isError }],
});
const call = { type: "tool_call", id: "D681PevKs", name: "calculate", input: { a: 1 } } as const;

test("an id of Mistral's own is kept, another becomes nine letters and digits, the same each time", () => {
  const conversation = [says("Hi."), answers(call, { ...call, id: "toolu_1" }), result("toolu_1", "1")];
  const [, calls, answer] = map(...conversation);
  const ids = calls?.role === "assistant" ? (calls.toolCalls ?? []).map(({ id }) => id) : [];
  expect(ids).toEqual(["D681PevKs", expect.stringMatching(/^[a-zA-Z0-9]{9}$/)]);
  expect(answer).toMatchObject({ toolCallId: ids[1], name: "calculate" });
  expect(map(...conversation)).toEqual(map(...conversation));
});

test("a call of a tool that was never offered goes back by a name that is taken, with its result", () => {
  const sent = map(says("Hi."), answers({ ...call, name: "functions.calculate" }), result(call.id, "No."));
  expect(sent).toMatchObject([
    {},
    { toolCalls: [{ function: { name: "functions_calculate" } }] },
    { name: "functions_calculate" },
  ]);
  expect(map(answers({ ...call, name: "" }))).toMatchObject([{ toolCalls: [{ function: { name: "_" } }] }]);
});

test("an assistant stands between a tool's result and the user", () => {
  const sent = map(says("Hi."), answers(call), result("D681PevKs", "1"), says("And now?"));
  expect(sent.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant", "user"]);
});

test("thinking goes back with its signature, but never alone", () => {
  const thinking = { type: "reasoning", text: "Hm.", signature: "s", provider: "mistral" } as const;
  expect(map(says("Hi."), answers(thinking, call))[1]).toMatchObject({
    content: [{ type: "thinking", thinking: [{ type: "text", text: "Hm." }], signature: "s", closed: true }],
  });
  expect(map(says("Hi."), answers(thinking))).toHaveLength(1);
});

test("a failed result says that it is an error, once", () => {
  const failed = [result("a", "No such file.", true), result("a", "Error: no such file.", true)];
  expect(map(answers({ ...call, id: "a" }), ...failed).slice(1)).toMatchObject([
    { content: "Error: No such file." },
    { content: "Error: no such file." },
  ]);
});

test("messages of the user in a row become one", () => {
  const image = { type: "image", mediaType: "image/png", data: "AAAA" } as const;
  expect(map(says("One."), { role: "user", content: [image] })).toEqual([
    {
      role: "user",
      content: [
        { type: "text", text: "One." },
        { type: "image_url", imageUrl: { url: "data:image/png;base64,AAAA" } },
      ],
    },
  ]);
});
