import { expect, it } from "vitest";
import { withoutPatterns } from "./without-patterns.ts";

it("takes regular expressions out wherever they are, and nothing that is only called so", () => {
  const text = { type: "string", pattern: "^(a+)+$", maxLength: 9 };
  expect(
    withoutPatterns({
      type: "object",
      properties: { pattern: text, list: { type: "array", items: text }, default: text },
      $defs: { pattern: { anyOf: [text, { const: { pattern: "a" } }] } },
      additionalProperties: false,
      default: { pattern: "(" },
    }),
  ).toEqual({
    type: "object",
    properties: {
      pattern: { type: "string", maxLength: 9 },
      list: { type: "array", items: { type: "string", maxLength: 9 } },
      default: { type: "string", maxLength: 9 },
    },
    $defs: { pattern: { anyOf: [{ type: "string", maxLength: 9 }, { const: { pattern: "a" } }] } },
    additionalProperties: false,
    default: { pattern: "(" },
  });
});

it("lets any property be where patterns said which may", () => {
  const schema = { type: "object", patternProperties: { "^x-": {} }, additionalProperties: false };
  expect(withoutPatterns(schema)).toEqual({ type: "object" });
});
