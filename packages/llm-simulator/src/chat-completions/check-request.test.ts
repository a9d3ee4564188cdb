import { expect, test } from "vitest";
import { checkRequest } from "./check-request.ts";

const user = { role: "user", content: "Hello!" };
const call = (id: string): object => ({
  id,
  type: "function",
  function: { name: "calculate", arguments: "{}" },
});
const calls = (...ids: readonly string[]): object => ({
  role: "assistant",
  content: null,
  tool_calls: ids.map(call),
});
const result = (id: string): object => ({ role: "tool", tool_call_id: id, content: "42" });

function messageOf(body: unknown): string | undefined {
  return checkRequest(body)?.message;
}

const cases: readonly (readonly [string, unknown, string | undefined])[] = [
  ["a plain request", { model: "m", messages: [user] }, undefined],
  ["no JSON object", undefined, "We could not parse the JSON body"],
  ["no model", { messages: [user] }, "you must provide a model parameter"],
  ["no messages", { model: "m" }, "Missing required parameter: 'messages'."],
  ["empty messages", { model: "m", messages: [] }, "Invalid 'messages': empty array."],
  ["an unknown role", { model: "m", messages: [{ role: "robot", content: "" }] }, "Invalid value: 'robot'."],
  ["no content", { model: "m", messages: [{ role: "user" }] }, "expected a string, got null"],
  [
    "a result without a call",
    { model: "m", messages: [user, result("a")] },
    "must be a response to a preceeding",
  ],
  [
    "a result of another call",
    { model: "m", messages: [user, calls("a"), result("b")] },
    "must be a response",
  ],
  [
    "all calls answered",
    { model: "m", messages: [user, calls("a", "b"), result("b"), result("a")] },
    undefined,
  ],
  [
    "a call without a result",
    { model: "m", messages: [user, calls("a", "b"), result("a")] },
    "response messages: b",
  ],
  [
    "a user's word before the result",
    { model: "m", messages: [user, calls("a"), user, result("a")] },
    "must be followed by tool messages",
  ],
  [
    "two results for one call",
    { model: "m", messages: [user, calls("a"), result("a"), result("a")] },
    "already has a response",
  ],
  ["two calls with one id", { model: "m", messages: [user, calls("a", "a"), result("a")] }, "must be unique"],
  ["a long id", { model: "m", messages: [user, calls("a".repeat(41))] }, "maximum length 40"],
  [
    "a call with a name of its own making",
    {
      model: "m",
      messages: [user, { role: "assistant", tool_calls: [{ id: "a", function: { name: "a.b" } }] }],
    },
    "Invalid 'messages[1].tool_calls[0].function.name': string does not match pattern",
  ],
  ["no calls at all", { model: "m", messages: [user, calls()] }, "empty array"],
  [
    "tool_choice without tools",
    { model: "m", messages: [user], tool_choice: "auto" },
    "'tool_choice' is only allowed",
  ],
  ["empty tools", { model: "m", messages: [user], tools: [] }, "Invalid 'tools': empty array."],
  [
    "a tool with a bad name",
    { model: "m", messages: [user], tools: [{ type: "function", function: { name: "a b" } }] },
    "string does not match pattern",
  ],
  [
    "a tool that takes no object",
    {
      model: "m",
      messages: [user],
      tools: [{ type: "function", function: { name: "a", parameters: { type: "string" } } }],
    },
    "Invalid schema for function 'a'",
  ],
  [
    "stream options without a stream",
    { model: "m", messages: [user], stream_options: { include_usage: true } },
    "only allowed when 'stream' is enabled",
  ],
  [
    "max_tokens for a reasoning model",
    { model: "gpt-5", messages: [user], max_tokens: 5 },
    "Unsupported parameter",
  ],
];

test.each(cases)("%s", (_name, body, message) => {
  if (message === undefined) expect(messageOf(body)).toBeUndefined();
  else expect(messageOf(body)).toContain(message);
});
