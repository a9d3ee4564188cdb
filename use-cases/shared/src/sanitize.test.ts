import { expect, test } from "vitest";
import { StreamSanitizer, sanitize, sanitizeLine } from "./sanitize.ts";

const hostile = "a\u001b[2Jb\u001b]0;title\u0007c\u001b]52;c;ZXZpbA==\u001b\\d\u009b31me\u202ef\r\ng\th";

test("no sequence that a terminal acts on survives, line feeds and tabs do", () => {
  expect(sanitize(hostile)).toBe("abcdef\ng\th");
  expect(sanitizeLine(" a\n\u001b[1mb ")).toBe("a b");
});

test("wherever a stream is cut, the same text comes out", () => {
  for (let cut = 1; cut < hostile.length; cut++) {
    const sanitizer = new StreamSanitizer();
    const text =
      sanitizer.push(hostile.slice(0, cut)) + sanitizer.push(hostile.slice(cut)) + sanitizer.flush();
    expect(text, `cut at ${cut}`).toBe(sanitize(hostile));
  }
});

test("a sequence that never ends holds the stream back no longer than any real one", () => {
  const sanitizer = new StreamSanitizer();
  expect(sanitizer.push(`\u001b]0;${"x".repeat(5_000)}`)).toContain("xxx");
});
