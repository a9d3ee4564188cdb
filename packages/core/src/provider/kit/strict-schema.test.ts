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

test("a schema beyond the vendor's limits does not", () => {
  const nested = (levels: number): typeof closed => {
    return levels === 1 ? closed : ({ ...closed, properties: { lines: nested(levels - 1) } } as never);
  };
  expect(isStrictSchema(nested(5))).toBe(true);
  expect(isStrictSchema(nested(12))).toBe(false);
  const values = Array.from({ length: 1_001 }, (_, index) => index);
  expect(isStrictSchema({ ...closed, properties: { lines: { enum: values } } })).toBe(false);
});
