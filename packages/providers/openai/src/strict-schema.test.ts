import { expect, test } from "vitest";
import { isStrictSchema } from "./strict-schema.ts";

const closed = {
  type: "object",
  properties: { lines: { type: "array", items: { type: "string" } } },
  required: ["lines"],
  additionalProperties: false,
} as const;

test("closed objects with required properties mean the same in strict mode", () => {
  expect(isStrictSchema(closed)).toBe(true);
  expect(isStrictSchema({ ...closed, properties: { lines: closed } })).toBe(true);
});

test("optional properties, open objects and other keywords do not", () => {
  expect(isStrictSchema({ ...closed, required: [] })).toBe(false);
  expect(isStrictSchema({ type: "object", properties: {} })).toBe(false);
  expect(isStrictSchema({ ...closed, properties: { lines: { type: "string", minLength: 1 } } })).toBe(false);
  expect(isStrictSchema(true)).toBe(false);
});
