import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toJsonLine } from "./print-json.ts";
import { StreamSanitizer, sanitize, sanitizeLine } from "./sanitize.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is what is tested.
const dangerous = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Text that is dense with what terminals act on. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "\u001b[31m",
        "\u001b]0;title\u0007",
        "\u001b]8;;http://x\u001b\\",
        "\u009b2J",
        "\u001b",
        "\u001bP",
        "\r",
        "\n",
        "\u202e",
        "\u0008",
      ),
      fc.string({ unit: "grapheme", maxLength: 8 }),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(""));

describe("text of strangers", () => {
  test.each([
    ["\u001b[31mred\u001b[0m", "red"],
    ["\u001b]0;a title\u0007text", "text"],
    ["\u001b]8;;https://evil\u0007link\u001b]8;;\u0007", "link"],
    ["\u009d0;a title\u009ctext", "text"],
    ["\u001bP1$r0m\u001b\\\u0090q\u009c\u001b_x\u001b\\text", "text"],
    ["a\rb\r\nc", "ab\nc"],
    ["back\u0008\u0008", "back"],
    ["gpj.\u202eexe", "gpj.exe"],
    ["漢字 🙂 é", "漢字 🙂 é"],
    ["tab\tand\nline", "tab\tand\nline"],
  ])("%j becomes %j", (text, expected) => {
    expect(sanitize(text)).toBe(expected);
  });

  test("never leaves anything that a terminal acts on", () => {
    fc.assert(
      fc.property(hostile, (text) => !dangerous.test(sanitize(text)) && !/[\n\t]/.test(sanitizeLine(text))),
    );
  });

  test("arriving in pieces, never leaves anything that a terminal acts on", () => {
    fc.assert(
      fc.property(hostile, fc.array(fc.nat(12)), (text, sizes) => {
        const stream = new StreamSanitizer();
        let shown = "";
        let rest = text;
        for (const size of sizes) {
          shown += stream.push(rest.slice(0, size));
          rest = rest.slice(size);
        }
        shown += stream.push(rest) + stream.flush();
        expect(shown).not.toMatch(dangerous);
      }),
    );
  });

  test("a sequence that was cut in the middle goes whole", () => {
    const stream = new StreamSanitizer();
    const pieces = ["a\u001b", "[3", "1mred\u001b]0;ti", "tle\u0007 end\r", "\nnext"];
    expect(pieces.map((piece) => stream.push(piece)).join("") + stream.flush()).toBe("ared end\nnext");
  });

  test.each([
    ["7-bit", "a\u001b[2Jb\u001b]0;title\u0007c\u001b]52;c;ZXZpbA==\u001b\\d\u001b(Be\u202ef\r\ng\th"],
    [
      "8-bit",
      "a\u009b31mb\u009d0;title\u0007c\u009d52;c;ZXZpbA==\u009cd\u009b?25le\u009d8;;http://x\u001b\\f",
    ],
  ])("wherever a stream with %s sequences is cut, the same text comes out", (_form, text) => {
    for (let cut = 1; cut < text.length; cut++) {
      const stream = new StreamSanitizer();
      const shown = stream.push(text.slice(0, cut)) + stream.push(text.slice(cut)) + stream.flush();
      expect(shown, `cut at ${cut}`).toBe(sanitize(text));
    }
  });

  test.each(["\u001b[", "\u009b", "\u001b]", "\u009d", "\u001bP", "\u0090", "\u0098", "\u009e", "\u009f"])(
    "a piece that ends with the opener %j waits for the next one",
    (opener) => {
      const stream = new StreamSanitizer();
      expect(stream.push(`a${opener}1;2`)).toBe("a");
    },
  );

  test("a sequence that never ends holds the stream back no longer than any real one", () => {
    const stream = new StreamSanitizer();
    expect(stream.push(`\u009d0;${"x".repeat(5_000)}`)).toContain("xxx");
  });

  test("in JSON it is the same value, and harmless", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const line = toJsonLine({ text });
        return JSON.parse(line).text === text && !dangerous.test(line.trimEnd());
      }),
    );
  });
});
