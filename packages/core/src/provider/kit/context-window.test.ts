import { expect, test } from "vitest";
import { isContextWindowExceeded } from "./context-window.ts";

// As the servers word it.
test.each([
  "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens. Please reduce the length of the messages.",
  "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4000 in the messages, 1000 in the completion).",
  "the request exceeds the available context size. try increasing the context size or enable context shift",
  "request (9000 tokens) exceeds the available context size (8192 tokens), try increasing it",
  "Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens",
  "The input (5000 tokens) is longer than the model's context length (4096 tokens).",
  "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
  "prompt is too long: 210000 tokens > 200000 maximum",
  "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000",
  "Input is too long for requested model.",
  "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
  "Request too large for gpt-4.1 in organization org-x on tokens per min (TPM): Limit 30000, Requested 45000.",
])("%s", (message) => {
  expect(isContextWindowExceeded({ message, code: undefined, type: undefined })).toBe(true);
});

test.each([
  "Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000.",
  "Invalid 'max_tokens': integer above maximum value.",
  "The string is too long for 'tools[0].function.name'.",
])("not: %s", (message) => {
  expect(isContextWindowExceeded({ message, code: null, type: "invalid_request_error" })).toBe(false);
});

test("codes decide without words", () => {
  const message = "no";
  expect(isContextWindowExceeded({ message, code: "context_length_exceeded", type: "x" })).toBe(true);
  expect(isContextWindowExceeded({ message, code: 400, type: "exceed_context_size_error" })).toBe(true);
});
