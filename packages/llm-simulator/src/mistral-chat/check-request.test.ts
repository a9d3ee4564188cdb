import { expect, test } from "vitest";
import { sign } from "../reply/sign.ts";
import { checkRequest } from "./check-request.ts";

const user = { role: "user", content: "Hello!" };
const call = (id: string): object => ({ id, function: { name: "calculate", arguments: "{}" } });
const calls = (...ids: readonly string[]): object => ({ role: "assistant", tool_calls: ids.map(call) });
const result = (id: string): object => ({ role: "tool", tool_call_id: id, content: "42" });
const says = { role: "assistant", content: "Hi." };
const thinks = (signature: string): object => ({
  role: "assistant",
  content: [{ type: "thinking", thinking: [{ type: "text", text: "Hm." }], signature }],
});
const [a, b] = ["aaaaaaaa1", "bbbbbbbb2"];

const cases: readonly (readonly [string, unknown, string | undefined])[] = [
  ["a plain request", [user], undefined],
  ["no messages", [], "at least one message"],
  ["messages of the user in a row", [user, user], undefined],
  ["an assistant last", [user, says], "Expected last role User or Tool"],
  ["a prefix last", [user, { ...says, prefix: true }], undefined],
  ["an assistant who says nothing", [user, { role: "assistant", content: "" }, user], "not none"],
  ["all calls answered", [user, calls(a, b), result(b), result(a)], undefined],
  ["a call without a result", [user, calls(a, b), result(a)], "Not the same number"],
  ["a call without a result, then a word", [user, calls(a, b), result(a), says, user], "Not the same number"],
  ["a result without a call", [user, result(a)], "Unexpected role 'tool' after role 'user'"],
  ["a result of another call", [user, calls(a), result(b)], `Unexpected tool call id ${b}`],
  ["the user after a tool", [user, calls(a), result(a), user], "Unexpected role 'user' after role 'tool'"],
  ["the user before the result", [user, calls(a), user], "Unexpected role 'user' after role 'assistant'"],
  ["a long id", [user, calls("call_1234567"), result("call_1234567")], "with a length of 9"],
  ["two calls with one id", [user, calls(a, a), result(a)], "Duplicate tool call id"],
  [
    "a call without a name",
    [user, { role: "assistant", tool_calls: [{ id: a, function: { name: "", arguments: "{}" } }] }],
    "Function name was  but must be",
  ],
  ["thinking as it was signed", [user, thinks(sign("Hm.")), user], undefined],
  ["thinking that was changed", [user, thinks(sign("Aha.")), user], "Invalid signature"],
];

test.each(cases)("%s", (_name, messages, message) => {
  const failure = checkRequest({ model: "m", messages });
  if (message === undefined) expect(failure).toBeUndefined();
  else expect(failure?.message).toContain(message);
});

test("a tool needs a name of letters, digits, underscores and dashes", () => {
  const tools = [{ type: "function", function: { name: "a b", parameters: {} } }];
  expect(checkRequest({ model: "m", messages: [user], tools })?.message).toContain("Function name was a b");
});
