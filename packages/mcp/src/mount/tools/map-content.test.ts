import { describe, expect, it } from "vitest";
import { mapBlock, mapResult } from "./map-content.ts";

const all = { maxOutput: 1_000, accepts: new Set(["image", "document"] as const) };
const png = { type: "image", data: "aGVsbG8=", mimeType: "image/png" } as const;

describe("content of a server", () => {
  it("becomes text, images and documents that the model takes, and a name for the rest", () => {
    expect(mapBlock({ type: "text", text: "a\ud800" }, all)).toEqual({ type: "text", text: "a\ufffd" });
    expect(mapBlock(png, all)).toEqual({ type: "image", mediaType: "image/png", data: "aGVsbG8=" });
    expect(mapBlock(png, { ...all, accepts: new Set() })).toEqual({
      type: "text",
      text: "[image: image/png, about 6 bytes, not shown]",
    });
    expect(mapBlock({ ...png, mimeType: "image/svg+xml" }, all)).toMatchObject({ type: "text" });
    expect(mapBlock({ type: "audio", data: "aGVsbG8=", mimeType: "audio/wav" }, all)).toMatchObject({
      text: "[audio: audio/wav, about 6 bytes, not shown]",
    });
    expect(
      mapBlock({ type: "resource_link", uri: "doc://a", name: "a", title: "A", mimeType: "text/plain" }, all),
    ).toEqual({ type: "text", text: "[resource doc://a: A, text/plain]" });
    expect(mapBlock({ type: "resource", resource: { uri: "doc://a", text: "words" } }, all)).toEqual({
      type: "text",
      text: "[resource doc://a]\nwords",
    });
    expect(
      mapBlock(
        { type: "resource", resource: { uri: "doc://a", blob: "aGVsbG8=", mimeType: "application/pdf" } },
        all,
      ),
    ).toEqual({ type: "document", mediaType: "application/pdf", data: "aGVsbG8=", name: "doc://a" });
    expect(
      mapBlock(
        { type: "resource", resource: { uri: "doc://a", blob: "aGVsbG8=", mimeType: "text/csv" } },
        all,
      ),
    ).toEqual({ type: "text", text: "[doc://a]\nhello" });
  });

  it("tells structured content unless the text says the same", async () => {
    const structuredContent = { b: 1, a: [2] };
    expect(await mapResult({ content: [], structuredContent }, all)).toMatchObject({
      content: [{ text: '{"b":1,"a":[2]}' }],
    });
    const same = [{ type: "text", text: ' {"a": [2], "b": 1}' }] as const;
    expect(await mapResult({ content: [...same], structuredContent }, all)).toMatchObject({ content: same });
  });

  it("is held against the output schema, and the model is told when it does not fit", async () => {
    const outputSchema = { type: "object", properties: { sum: { type: "number" } }, required: ["sum"] };
    const told = async (structuredContent: unknown): Promise<string> =>
      JSON.stringify(await mapResult({ content: [], structuredContent }, { ...all, outputSchema }));
    expect(await told({ sum: 1 })).not.toContain("does not fit");
    expect(await told({ sum: "1" })).toContain("does not fit");
    expect(await told(undefined)).toContain("sent none");
  });

  it("of a type that is not known is no success", async () => {
    expect(await mapResult({ content: [], resultType: "task", taskId: "1" }, all)).toMatchObject({
      kind: "error",
      message: expect.stringContaining('of type "task"'),
    });
  });

  it("is an error with all its words when the server says so", async () => {
    const content = [
      { type: "text", text: "No" },
      { type: "text", text: "such file" },
    ] as const;
    expect(await mapResult({ content: [...content], isError: true }, all)).toMatchObject({
      kind: "error",
      message: "No\n\nsuch file",
    });
    expect(await mapResult({ content: [], isError: true }, all)).toMatchObject({ kind: "error" });
    const mixed = [content[0], png, { type: "audio", data: "aGVsbG8=", mimeType: "audio/wav" }] as const;
    expect(
      await mapResult({ content: [...mixed], structuredContent: { code: 7 }, isError: true }, all),
    ).toMatchObject({
      message:
        'No\n\n[image: image/png, about 6 bytes, not shown]\n\n[audio: audio/wav, about 6 bytes, not shown]\n\n{"code":7}',
    });
    expect(await mapResult({ content: [] }, all)).toBe("(no output)");
  });

  it("is cut over all its blocks together", async () => {
    const content = Array.from({ length: 300 }, () => ({ type: "text", text: "z".repeat(9) }) as const);
    const mapped = JSON.stringify(await mapResult({ content: [...content] }, { ...all, maxOutput: 90 }));
    expect(mapped.match(/z/g)).toHaveLength(90);
    expect(mapped).toMatch(/17\d\d characters left out/);
  });
});

describe("content that is made to hold up the process", () => {
  it("is looked at in linear time: white space that almost is a file", () => {
    const blob = `${" ".repeat(2_000_000)}%`;
    const resource = { uri: "doc://a", blob, mimeType: "image/png" };
    expect(mapBlock({ type: "resource", resource }, all)).toMatchObject({
      text: expect.stringContaining("not shown"),
    });
    const spaced = { ...png, data: "aGVs bG8=\n" };
    expect(mapBlock(spaced, all)).toMatchObject({ type: "image" });
  });

  it("is not checked by regular expressions of the server", async () => {
    const outputSchema = {
      type: "object",
      properties: { a: { type: "string", pattern: "^(a+)+$" }, b: { type: "integer" } },
    };
    const structuredContent = { a: `${"a".repeat(60)}!`, b: "x" };
    const mapped = await mapResult({ content: [], structuredContent }, { ...all, outputSchema });
    expect(JSON.stringify(mapped)).toMatch(/does not fit.*b/);
  });

  it("is left out when it is nested too deeply", async () => {
    let deep: Record<string, unknown> = {};
    for (let level = 0; level < 100_000; level++) deep = { deep };
    const mapped = await mapResult({ content: [], structuredContent: deep }, all);
    expect(JSON.stringify(mapped)).toContain("nested too deeply");
  });
});
