import { afterEach, describe, expect, test } from "vitest";
import { readFile } from "./read-file.ts";
import { type FileBench, fileBench } from "./testing/file-bench.ts";
import { messageOf } from "./testing/message-of.ts";

let bench: FileBench;
afterEach(() => bench.close());

async function read(content: string | Buffer, input: object = {}): Promise<unknown> {
  bench = await fileBench({ file: content });
  return bench.call(readFile(), { path: "file", ...input });
}

const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

describe("text", () => {
  test("comes with line numbers", async () => {
    expect(await read("one\ntwo\n")).toBe("1\tone\n2\ttwo");
  });

  test("without a line ending at its end, and with Windows line endings, reads the same", async () => {
    expect(await read("one\r\ntwo")).toBe("1\tone\n2\ttwo");
  });

  test("is cut to a window, and says how to go on", async () => {
    expect(await read("1\n2\n3\n4\n5\n", { offset: 2, limit: 2 })).toBe(
      "2\t2\n3\t3\n(lines 2 to 3 of 5; continue with offset 4)",
    );
  });

  test("is cut before the loop would cut it", async () => {
    const text = await read(`${"x".repeat(99)}\n`.repeat(2_000));
    expect(String(text).length).toBeLessThan(30_000);
    expect(text).toMatch(/\(lines 1 to \d+ of 2000, cut by length; continue with offset \d+\)$/);
  });

  test("of a single huge line is shown by columns", async () => {
    const line = Array.from({ length: 100_000 }, (_, index) => String(index % 10)).join("");
    expect(await read(line, { column: 50_001 })).toBe(
      `1\t${line.slice(50_000, 52_000)} […48000 more characters: column 52001]`,
    );
  });

  test("that is empty says so", async () => {
    expect(await read("")).toBe("(the file is empty)");
  });

  test("has no lines past its end", async () => {
    expect(messageOf((await read("one\n", { offset: 3 })) as never)).toBe(
      "file has 1 lines; offset 3 is past its end.",
    );
  });

  test("in UTF-16 with a mark is decoded", async () => {
    const little = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("grüße\nÄ\n", "utf16le")]);
    expect(await read(little)).toBe("1\tgrüße\n2\tÄ\n(the file is utf-16le)");
    await bench.close();
    const big = Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from("grüße", "utf16le").swap16()]);
    expect(await read(big)).toBe("1\tgrüße\n(the file is utf-16be)");
  });

  test("in UTF-8 with a mark is shown without it", async () => {
    expect(await read("\uFEFFone")).toBe("1\tone");
  });

  test("that is not valid UTF-8 is shown with marks, and says so", async () => {
    expect(await read(Buffer.from("caf\xe9", "latin1"))).toBe(
      "1\tcaf\uFFFD\n(some bytes are not valid utf-8 and are shown as \uFFFD)",
    );
  });
});

describe("what is no text", () => {
  test("an image comes as an image", async () => {
    expect(await read(pixel)).toMatchObject({
      kind: "content",
      content: [
        { type: "text", text: `file is image/png, ${pixel.length} bytes:` },
        { type: "image", mediaType: "image/png", data: pixel.toString("base64") },
      ],
    });
  });

  test("a PDF comes as a document", async () => {
    expect(await read("%PDF-1.7\n%%EOF\n")).toMatchObject({
      content: [{ type: "text" }, { type: "document", mediaType: "application/pdf", name: "file" }],
    });
  });

  test("an image is only named for a model without eyes, and refused when it is too large", async () => {
    bench = await fileBench({ "a.png": pixel });
    expect(await bench.call(readFile({ maxImageBytes: 0 }), { path: "a.png" })).toMatch(
      /cannot be shown such files/,
    );
    expect(await bench.call(readFile(), { path: "a.png" }, { accepts: ["document"] })).toMatch(
      /cannot be shown such files/,
    );
    expect(messageOf(await bench.call(readFile({ maxImageBytes: 9 }), { path: "a.png" }))).toMatch(
      /at most 9 bytes/,
    );
  });

  test.each([
    ["gzip data", Buffer.from([0x1f, 0x8b, 8, 0, 0])],
    ["SQLite database", Buffer.from("SQLite format 3\0")],
    ["binary data", Buffer.from([1, 2, 0, 3])],
    ["UTF-32 text", Buffer.from([0xff, 0xfe, 0, 0, 65, 0, 0, 0])],
  ])("%s is named", async (what, bytes) => {
    expect(await read(bytes)).toBe(`file is ${what}, ${bytes.length} bytes; it cannot be shown as text.`);
  });
});

describe("a path that is not there", () => {
  test.each([
    ["src/Index.ts", "src/index.ts"],
    ["src/indx.ts", "src/index.ts"],
    ["src/index.js", "src/index.ts"],
    ["source/index.ts", "src/index.ts"],
    ["scr/index.ts", "src/index.ts"],
    ["index.ts", "src/index.ts"],
    ["cafe\u0301.md", "caf\u00e9.md"],
  ])("%s is answered with %s", async (asked, meant) => {
    bench = await fileBench({ "src/index.ts": "", "caf\u00e9.md": "" });
    expect(messageOf(await bench.call(readFile(), { path: asked }))).toBe(
      `${asked} does not exist. Did you mean ${meant}?`,
    );
  });

  test("that is like nothing is just not there", async () => {
    bench = await fileBench({ "src/index.ts": "" });
    expect(messageOf(await bench.call(readFile(), { path: "other.md" }))).toBe("other.md does not exist.");
  });
});
