import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod-3";
import { compileSchema } from "./compile-schema.ts";
import type { JsonSchema } from "./json-schema.ts";

const sources = {
  "a JSON Schema document": {
    type: "object",
    properties: { line: { type: "integer" }, why: { type: "string" } },
    required: ["line", "why"],
  } as JsonSchema,
  "Zod 4": z.object({ line: z.number().int(), why: z.string() }),
  "Zod 3": z3.object({ line: z3.number().int(), why: z3.string() }),
  Valibot: toStandardJsonSchema(v.object({ line: v.pipe(v.number(), v.integer()), why: v.string() })),
  ArkType: type({ line: "number.integer", why: "string" }),
};

describe.each(Object.entries(sources))("a schema from %s", (_name, source) => {
  const schema = compileSchema(source);

  it("writes JSON Schema for the model, without a dialect", () => {
    expect(schema.json).toMatchObject({
      type: "object",
      properties: { line: { type: "integer" }, why: { type: "string" } },
      required: expect.arrayContaining(["line", "why"]),
    });
    expect(schema.json).not.toHaveProperty("$schema");
  });

  it("accepts what fits", async () => {
    expect(await schema.parse({ line: 3, why: "x" })).toEqual({ ok: true, value: { line: 3, why: "x" } });
  });

  it("names the place of what does not", async () => {
    const parsed = await schema.parse({ line: "three", why: "x" });
    expect(parsed).toMatchObject({ ok: false });
    if (!parsed.ok) expect(parsed.issues.map(({ path }) => path)).toContain("line");
  });
});

describe("compiling a schema", () => {
  it("applies transforms and defaults of the user's own schema", async () => {
    const schema = compileSchema(
      z.object({ n: z.string().transform(Number), tag: z.string().default("none") }),
    );

    expect(schema.json).toMatchObject({ properties: { n: { type: "string" } }, required: ["n"] });
    expect(await schema.parse({ n: "4" })).toEqual({ ok: true, value: { n: 4, tag: "none" } });
  });

  it.each([
    [{ type: "objekt" }, "objekt"],
    [{ type: "object", properties: { a: { type: "text" } } }, "properties.a.type"],
    [{ type: "object", required: "a" }, "required"],
    [{ type: "string", pattern: "(" }, "pattern"],
    [{ type: "object", properties: { a: 1 } }, "properties.a"],
    [{ type: "array", items: { $ref: "#/nowhere" } }, ""],
  ])("refuses %j and says where it is wrong", (source, where) => {
    expect(() => {
      const schema = compileSchema(source as JsonSchema, "options.schema");
      void schema.parse([1]);
    }).toThrow(where);
  });

  it("refuses what has no JSON Schema form", () => {
    expect(() => compileSchema(z.object({ when: z.date() }), "schema")).toThrow(
      /schema has no JSON Schema form/,
    );
  });

  it("says what to do for a Valibot schema that cannot write JSON Schema", () => {
    expect(() => compileSchema(v.object({ a: v.string() }))).toThrow("toStandardJsonSchema()");
  });

  it.each([[null], [7], ["object"]])("refuses %j", (source) => {
    expect(() => compileSchema(source as never)).toThrow(expect.objectContaining({ code: "invalid_schema" }));
  });

  it("names places in arrays, and properties that are not allowed", () => {
    const schema = compileSchema({
      type: "object",
      properties: {
        findings: { type: "array", items: { type: "object", properties: { line: { type: "integer" } } } },
      },
      additionalProperties: false,
    });
    const parsed = schema.parse({ findings: [{ line: 1 }, { line: "2" }], extra: 1 });
    expect(parsed).toMatchObject({
      ok: false,
      issues: expect.arrayContaining([
        expect.objectContaining({ path: "findings[1].line" }),
        expect.objectContaining({ path: "extra", message: "This property is not allowed." }),
      ]),
    });
  });
});
