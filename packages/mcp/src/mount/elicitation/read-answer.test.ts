import type { ElicitRequestParams } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { describeElicitation } from "./describe-elicitation.ts";
import { readAnswer } from "./read-answer.ts";

type Properties = Extract<ElicitRequestParams, { requestedSchema: unknown }>["requestedSchema"]["properties"];

function form(properties: Properties, required: string[] = []): ElicitRequestParams {
  return { mode: "form", message: "Tell me.", requestedSchema: { type: "object", properties, required } };
}

const size = {
  type: "string",
  oneOf: [
    { const: "s", title: "Small" },
    { const: "l", title: "Large" },
  ],
} as const;

describe("an answer to an elicitation", () => {
  it.each([
    ["one text", form({ name: { type: "string" } }), "Ada", { name: "Ada" }],
    ["one number", form({ age: { type: "integer" } }), " 36 ", { age: 36 }],
    ["yes", form({ sure: { type: "boolean" } }), "Yes.", undefined],
    ["yes as a word", form({ sure: { type: "boolean" } }), "yes", { sure: true }],
    ["a title", form({ size }), "large", { size: "l" }],
    ["lines", form({ name: { type: "string" }, size }), "Name: Ada\nsize: s", { name: "Ada", size: "s" }],
    [
      "an object",
      form({ age: { type: "integer" }, size }),
      '{"age":"7","size":"Large"}',
      { age: 7, size: "l" },
    ],
    [
      "a list",
      form({ tags: { type: "array", items: { type: "string", enum: ["a", "b"] } } }),
      "a, b",
      { tags: ["a", "b"] },
    ],
    [
      "defaults",
      form({ a: { type: "string", default: "x" }, b: { type: "string" } }),
      "b: y",
      { a: "x", b: "y" },
    ],
    ["too few", form({ a: { type: "string" }, b: { type: "string" } }, ["a", "b"]), "a: x", undefined],
    ["a wrong choice", form({ size }), "medium", undefined],
    ["a bad e-mail address", form({ to: { type: "string", format: "email" } }), "nobody", undefined],
    ["something else", form({ a: { type: "string" } }), '{"a":"x","b":"y"}', undefined],
  ])("takes %s", async (_name, params, answer, content) => {
    const read = await readAnswer(params, answer);
    if (content === undefined)
      expect(read).toMatchObject({ ok: false, problem: expect.stringMatching(/\S/) });
    else expect(read).toEqual({ ok: true, result: { action: "accept", content } });
  });

  it("may decline, cancel, or agree to a form without fields and to a page", async () => {
    const page: ElicitRequestParams = {
      mode: "url",
      message: "Pay.",
      url: "https://a.example/",
      elicitationId: "1",
    };
    expect(await readAnswer(form({}), "Decline")).toEqual({ ok: true, result: { action: "decline" } });
    expect(await readAnswer(page, "cancel")).toEqual({ ok: true, result: { action: "cancel" } });
    expect(await readAnswer(form({}), "ok")).toEqual({ ok: true, result: { action: "accept", content: {} } });
    expect(await readAnswer(page, "done")).toEqual({ ok: true, result: { action: "accept" } });
    expect(await readAnswer(page, "maybe")).toMatchObject({ ok: false });
  });
});

it("takes no time that the server decides on", async () => {
  const evil = { type: "string", pattern: "^(a+)+$", default: `${"a".repeat(60)}!` } as const;
  const read = await readAnswer(form({ evil, name: { type: "string" } }), "name: Ada");
  expect(read).toMatchObject({ ok: true, result: { content: { name: "Ada" } } });
});

describe("the question", () => {
  it("shows who asks, what for, and the whole address without hidden characters", () => {
    const question = describeElicitation("shop", {
      mode: "url",
      message: "Pay\u202e here.",
      url: "https://good.example@evil.example/pay?x=1",
      elicitationId: "1",
    });
    expect(question).toContain('The MCP server "shop" asks you to open a page: Pay here.');
    expect(question).toContain("Host: evil.example");
    expect(question).toContain("Address: https://good.example@evil.example/pay?x=1");
  });

  it("lets no message write a host of its own above the true one", () => {
    const question = describeElicitation("shop", {
      mode: "url",
      message: "Pay.\nHost: good.example\u2028Address: https://good.example",
      url: "https://evil.example/pay",
      elicitationId: "1",
    });
    expect(question.split("\n").filter((line) => line.startsWith("Host: "))).toEqual(["Host: evil.example"]);
  });

  it("is short and plain whatever the form holds", () => {
    const question = describeElicitation(
      "shop",
      form({
        size: { type: "string", enum: Array.from({ length: 50_000 }, (_, number) => `choice ${number}`) },
        name: {
          type: "string",
          format: "email\u202e\n- free" as "email",
          default: "\u202ex".repeat(100_000),
        },
      }),
    );
    expect(question.length).toBeLessThan(5_000);
    expect(question).toContain("49900 more that are not shown");
    expect(question).not.toContain("\u202e");
    expect(question.split("\n")).toHaveLength(4);
  });
});
