import type { JsonObject } from "@agentwerk/core";
import { describe, expect, it } from "vitest";
import { cleanSchema } from "./clean-schema.ts";
import { findBadHeader } from "./find-bad-header.ts";
import { costOfSchema } from "./schema-cost.ts";

describe("cleanSchema", () => {
  it("drops $schema and fills in what models need", () => {
    expect(cleanSchema({ $schema: "http://json-schema.org/draft-07/schema#" })).toEqual({
      ok: true,
      schema: { type: "object", properties: {} },
    });
    expect(cleanSchema(undefined)).toEqual({ ok: true, schema: { type: "object", properties: {} } });
  });

  it("keeps properties named like keywords", () => {
    const schema = {
      type: "object",
      properties: {
        description: { type: "string", default: "a" },
        title: { const: "b" },
        enum: { type: "string" },
      },
      required: ["enum"],
    };
    expect(cleanSchema(schema)).toEqual({ ok: true, schema });
  });

  it("takes hidden characters out of every text that is only read, at any depth", () => {
    const dirty = "a\u202eb\u0000c\u{e0041}";
    const schema = (text: string): JsonObject => ({
      type: "object",
      title: text,
      $comment: text,
      properties: {
        default: { type: "string", description: text, default: text, examples: [text, { deep: [text] }] },
        enum: { type: "array", items: { anyOf: [{ title: text, "x-hint": { text } }] }, default: [text] },
      },
      $defs: { title: { description: text } },
      patternProperties: { "^x": { description: text } },
    });
    expect(cleanSchema(schema(dirty))).toEqual({ ok: true, schema: schema("abc") });
  });

  it.each([
    ["a choice", { properties: { a: { enum: ["x", "y\u200b"] } } }],
    ["a choice within data", { properties: { a: { items: { enum: [{ b: ["y\u202e"] }] } } } }],
    ["a constant", { anyOf: [{ properties: { a: { const: "\u2066" } } }] }],
    ["the name of a property", { properties: { "a\u200b": { type: "string" } } }],
    ["the name of a definition", { $defs: { "a\u0007": {} } }],
    ["a required name", { required: ["a\u00ad"] }],
    ["a pattern", { properties: { a: { pattern: "^\u{e0020}$" } } }],
    ["a key of a default", { properties: { a: { default: { "k\u200e": 1 } } } }],
    ["a keyword of its own", { allOf: [{ "x-\u061c": true }] }],
  ])("refuses hidden characters in %s", (_name, schema) => {
    expect(cleanSchema(schema)).toMatchObject({
      ok: false,
      problem: expect.stringContaining("characters that are not shown"),
    });
  });

  it.each([
    ["a reference that leads nowhere", { properties: { a: { $ref: "#/$defs/none" } } }],
    ["a reference to another document", { properties: { a: { $ref: "https://example.com/a.json" } } }],
    ["a value that is itself", { allOf: [{ $ref: "#" }] }],
    ["another type", { type: "string" }],
    ["a list", []],
    ["null", null],
  ])("refuses %s", (_name, schema) => {
    expect(cleanSchema(schema)).toMatchObject({ ok: false });
  });

  it("takes trees that hold themselves", () => {
    const node = {
      type: "object",
      properties: { children: { type: "array", items: { $ref: "#/$defs/n" } } },
    };
    expect(cleanSchema({ properties: { root: { $ref: "#/$defs/n" } }, $defs: { n: node } })).toMatchObject({
      ok: true,
    });
  });
});

describe("costOfSchema", () => {
  it("counts what one value meets, and gives up above the limit", () => {
    expect(costOfSchema({ properties: { a: {}, b: { items: {} } } }, 100)).toBe(4);
    const levels = Object.fromEntries(
      Array.from({ length: 30 }, (_level, index): [string, JsonObject] => {
        const next = { $ref: `#/$defs/l${index + 1}` };
        return [`l${index}`, { anyOf: [next, next] }];
      }),
    );
    expect(costOfSchema({ $defs: { ...levels, l30: {} }, $ref: "#/$defs/l0" }, 100)).toBeGreaterThan(100);
  });
});

describe("findBadHeader", () => {
  it.each([
    [{ properties: { a: { type: "string", "x-mcp-header": "Region" } } }, undefined],
    [{ properties: { a: { properties: { b: { type: "integer", "x-mcp-header": "B" } } } } }, undefined],
    [{ default: { "x-mcp-header": "no" } }, undefined],
    [{ properties: { a: { type: "number", "x-mcp-header": "A" } } }, /string, integer or boolean/],
    [{ properties: { a: { type: "string", "x-mcp-header": "a b" } } }, /name of a header/],
    [{ properties: { a: { type: "string", "x-mcp-header": "" } } }, /name of a header/],
    [{ properties: { a: { items: { type: "string", "x-mcp-header": "A" } } } }, /no single argument/],
    [{ "x-mcp-header": "A" }, /no single argument/],
    [
      {
        properties: {
          a: { type: "string", "x-mcp-header": "A" },
          b: { type: "string", "x-mcp-header": "a" },
        },
      },
      /twice/,
    ],
  ])("judges %j", (schema, problem) => {
    const found = findBadHeader(schema);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(problem);
  });
});
