import { expect, test } from "vitest";
import { sign } from "../reply/sign.ts";
import { checkRequest } from "./check-request.ts";

const user = { role: "user", content: "Hello!" };
const use = (id: string): object => ({ type: "tool_use", id, name: "calculate", input: {} });
const calls = (...ids: readonly string[]): object => ({ role: "assistant", content: ids.map(use) });
const result = (id: string): object => ({ type: "tool_result", tool_use_id: id, content: "42" });
const results = (...ids: readonly string[]): object => ({ role: "user", content: ids.map(result) });
const thinks = (signature: unknown): object => ({
  role: "assistant",
  content: [{ type: "thinking", thinking: "Hm.", signature }],
});
const tool = { name: "calculate", input_schema: { type: "object" } };
const mark = { cache_control: { type: "ephemeral" } };

const request = (messages: readonly object[], more: object = {}): object => ({
  model: "m",
  max_tokens: 9,
  messages,
  ...more,
});

const cases: readonly (readonly [string, unknown, string | undefined])[] = [
  ["a plain request", request([user]), undefined],
  ["no JSON object", undefined, "not valid JSON"],
  ["no model", { max_tokens: 9, messages: [user] }, "model: Field required"],
  ["no limit for the reply", { model: "m", messages: [user] }, "max_tokens: Field required"],
  ["no messages", request([]), "at least one message is required"],
  ["an unknown role", request([{ role: "tool", content: "x" }]), "Input should be 'user' or 'assistant'"],
  ["an assistant first", request([{ role: "assistant", content: "x" }]), 'must use the "user" role'],
  ["empty content", request([{ role: "user", content: [] }]), "must have non-empty content"],
  ["an empty text", request([{ role: "user", content: [{ type: "text", text: "" }] }]), "must be non-empty"],
  ["a blank text", request([{ role: "user", content: " " }]), "must contain non-whitespace text"],
  ["an empty system prompt", request([user], { system: [{ type: "text", text: "" }] }), "system: text"],
  ["all calls answered", request([user, calls("a", "b"), results("b", "a")]), undefined],
  ["results in two messages", request([user, calls("a", "b"), results("b"), results("a")]), undefined],
  ["a call without a result", request([user, calls("a", "b"), results("a")]), "immediately after: b."],
  ["a result without a call", request([user, results("a")]), "unexpected `tool_use_id`"],
  ["two results for one call", request([user, calls("a"), results("a", "a")]), "must have a single result"],
  [
    "text before the result",
    request([user, calls("a"), user, results("a")]),
    "without `tool_result` blocks immediately after: a",
  ],
  [
    "an id of an earlier turn",
    request([user, calls("a"), results("a"), calls("a"), results("a")]),
    "ids must be unique",
  ],
  ["an id with a dot", request([user, calls("a.b"), results("a.b")]), "should match pattern"],
  [
    "a call with a name of its own making",
    request([user, { role: "assistant", content: [{ ...use("a"), name: "a.b" }] }, results("a")]),
    "messages.1.content.0.tool_use.name: String should match pattern",
  ],
  ["thinking as it was signed", request([user, thinks(sign("Hm.")), user]), undefined],
  ["thinking that was changed", request([user, thinks(sign("Aha.")), user]), "Invalid `signature`"],
  ["thinking without a signature", request([user, thinks(undefined), user]), "signature: Field required"],
  ["a choice without tools", request([user], { tool_choice: { type: "none" } }), "tool_choice"],
  ["two tools of one name", request([user], { tools: [tool, tool] }), "Tool names must be unique"],
  [
    "a tool that takes no object",
    request([user], { tools: [{ name: "a", input_schema: {} }] }),
    "type: Field",
  ],
  [
    "five breakpoints",
    request([{ role: "user", content: new Array(5).fill({ type: "text", text: "x", ...mark }) }]),
    "A maximum of 4 blocks with cache_control may be provided. Found 5.",
  ],
];

test.each(cases)("%s", (_name, body, message) => {
  if (message === undefined) expect(checkRequest(body)).toBeUndefined();
  else expect(checkRequest(body)?.message).toContain(message);
});
