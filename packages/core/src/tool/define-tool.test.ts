import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "./define-tool.ts";

const base = { name: "tool", description: "Does things.", input: { type: "object" }, run: () => "" } as const;

describe("defining a tool", () => {
  it("assumes the careful thing: it writes, is not idempotent, may destroy", () => {
    expect(defineTool(base)).toMatchObject({
      readOnly: false,
      idempotent: false,
      destructive: true,
      deferred: false,
    });
    expect(defineTool({ ...base, readOnly: true })).toMatchObject({ idempotent: true, destructive: false });
  });

  it("gives the model an object schema, with properties even where there are none", () => {
    expect(defineTool(base).inputSchema).toEqual({ type: "object", properties: {} });
    expect(defineTool({ ...base, input: z.object({ a: z.string() }) }).inputSchema).toMatchObject({
      properties: { a: { type: "string" } },
      required: ["a"],
    });
  });

  it.each([
    ["a name that vendors refuse", { name: "do it!" }, "name"],
    ["a name that is too long", { name: "x".repeat(65) }, "name"],
    ["an empty description", { description: " " }, "description"],
    ["an input that is no object", { input: { type: "string" } }, "input of tool tool"],
    ["a time limit that is none", { timeout: "long" }, "timeout of tool tool"],
  ])("refuses %s", (_name, change, field) => {
    expect(() => defineTool({ ...base, ...change } as never)).toThrow(expect.objectContaining({ field }));
  });
});
