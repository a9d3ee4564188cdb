import { expect, test } from "vitest";
import { sign } from "../reply/sign.ts";
import { checkRequest } from "./check-request.ts";

const user = { role: "user", content: "Hello!" };
const call = (id: string): object => ({
  type: "function_call",
  call_id: id,
  name: "calculate",
  arguments: "{}",
});
const result = (id: string): object => ({ type: "function_call_output", call_id: id, output: "42" });
const thinks = (content: unknown): object => ({
  type: "reasoning",
  id: "rs_1",
  summary: [{ type: "summary_text", text: "Hm." }],
  encrypted_content: content,
});
const says = { role: "assistant", content: "Hi." };

const cases: readonly (readonly [string, object, string | undefined])[] = [
  ["a plain request", { input: "Hello!" }, undefined],
  ["no input", {}, "Missing required parameter: 'input'."],
  ["a field of chat completions", { input: [user], max_tokens: 9 }, "Unsupported parameter: 'max_tokens'."],
  ["an unknown item", { input: [{ type: "thought" }] }, "Invalid value: 'thought'."],
  ["calls and outputs", { input: [user, call("a"), call("b"), result("b"), result("a")] }, undefined],
  ["a call without an output", { input: [user, call("a")] }, "No tool output found for function call a."],
  ["an output without a call", { input: [user, result("a")] }, "No tool call found for function call output"],
  ["two outputs for one call", { input: [user, call("a"), result("a"), result("a")] }, "No tool call found"],
  ["a long id", { input: [call("a".repeat(65))] }, "maximum length 64"],
  ["a name of its own making", { input: [{ ...call("a"), name: "a.b" }] }, "Invalid 'input[0].name'"],
  ["thinking and its words", { input: [user, thinks(sign("Hm.")), says] }, undefined],
  ["thinking alone", { input: [user, thinks(sign("Hm."))] }, "without its required following item"],
  ["thinking by its id", { input: [user, thinks(undefined), says] }, "Items are not persisted"],
  ["thinking that was changed", { input: [user, thinks(sign("Aha.")), says] }, "could not be verified"],
  ["a tool without a name", { input: [user], tools: [{ type: "function" }] }, "'tools[0].name'"],
  [
    "a tool that takes no object",
    { input: [user], tools: [{ type: "function", name: "a", parameters: {} }] },
    "Invalid schema for function 'a'",
  ],
];

test.each(cases)("%s", (_name, body, message) => {
  const failure = checkRequest({ model: "m", ...body });
  if (message === undefined) expect(failure).toBeUndefined();
  else expect(failure?.message).toContain(message);
});
