import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileJsonSchema } from "../schema/compile-json-schema.ts";
import { repairInput } from "./repair-input.ts";

const schema = {
  type: "object",
  properties: {
    count: { type: "integer" },
    ratio: { type: "number" },
    loud: { type: "boolean" },
    name: { type: "string" },
    list: { type: "array", items: { type: "integer" } },
    options: { type: "object", properties: { deep: { type: "integer" } } },
  },
  required: ["count"],
} as const;

describe("repairing input", () => {
  it.each([
    [{ count: "3" }, { count: 3 }],
    [
      { count: 1, ratio: "0.5" },
      { count: 1, ratio: 0.5 },
    ],
    [
      { count: 1, loud: "false" },
      { count: 1, loud: false },
    ],
    [
      { count: 1, name: 7 },
      { count: 1, name: "7" },
    ],
    [
      { count: 1, list: "[1, 2]" },
      { count: 1, list: [1, 2] },
    ],
    [
      { count: 1, list: ["1", 2] },
      { count: 1, list: [1, 2] },
    ],
    [
      { count: 1, options: '{"deep": "4"}' },
      { count: 1, options: { deep: 4 } },
    ],
    [{ count: 1, name: null }, { count: 1 }],
  ])("reads %j as %j", (input, expected) => {
    const { value, repairs } = repairInput(schema, input);

    expect(value).toEqual(expected);
    expect(repairs.length).toBeGreaterThan(0);
  });

  it.each([
    [{ count: "3 apples" }],
    [{ count: "0x10" }],
    [{ count: "1e3" }],
    [{ count: null }],
    [{ count: "99999999999999999999" }],
    [{ count: 1, name: 2 ** 53 + 2 }],
    [{ count: 1, name: 2 ** 53 + 2 }],
    [{ count: 1, loud: "yes" }],
    [{ count: 1, list: "1,2" }],
  ])("leaves %j alone, because the meaning could change", (input) => {
    expect(repairInput(schema, input)).toEqual({ value: input, repairs: [] });
  });

  it("changes nothing that already fits", () => {
    const valid = fc.record(
      {
        count: fc.integer(),
        ratio: fc.double({ noNaN: true, noDefaultInfinity: true }),
        loud: fc.boolean(),
        name: fc.string(),
        list: fc.array(fc.integer()),
      },
      { requiredKeys: ["count"] },
    );
    fc.assert(
      fc.property(valid, (input) => {
        expect(compileJsonSchema(schema).parse(input)).toMatchObject({ ok: true });
        expect(repairInput(schema, input)).toEqual({ value: input, repairs: [] });
      }),
    );
  });
});
