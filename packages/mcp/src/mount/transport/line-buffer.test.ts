import { expect, it } from "vitest";
import { LineBuffer } from "./line-buffer.ts";

it("puts lines together from pieces cut anywhere, also within a character", () => {
  const text = "one\n\ntwö\r\nthree";
  for (let size = 1; size < 8; size++) {
    const buffer = new LineBuffer(100);
    const bytes = Buffer.from(text);
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; at += size) lines.push(...buffer.push(bytes.subarray(at, at + size)));
    expect(lines).toEqual(["one", "", "twö\r"]);
    expect(buffer.push(Buffer.from("\n"))).toEqual(["three"]);
  }
});

it("refuses a line that is too long, as soon as it is", () => {
  const buffer = new LineBuffer(10);
  expect(buffer.push(Buffer.from("0123456789\n0123"))).toEqual(["0123456789"]);
  expect(() => buffer.push(Buffer.from("4567890"))).toThrow(/more than 10 bytes/);
});
