import { expect, test } from "vitest";
import { PasteFilter } from "./paste-filter.ts";

function read(...chunks: readonly string[]): string {
  const filter = new PasteFilter();
  const keys = chunks.flatMap((chunk) => filter.push(chunk));
  return keys.map(({ kind, text }) => (kind === "pasted" ? `[${text}]` : text)).join("");
}

test("pasted line breaks become marks and submit nothing", () => {
  expect(read("a\u001b[200~one\r\ntwo\rthree\nfour\u001b[201~b\r")).toBe("a[one␊two␊three␊four]b\r");
});

test("a paste can hide no key and no sequence", () => {
  expect(read("\u001b[200~x\u0003\u001b[A\u001b]0;t\u0007\ty\u001b[201~")).toBe("[x  y]");
});

test("wherever the input is cut, the same text comes out", () => {
  const whole = "ab\u001b[200~one\r\ntwo\u001b[201~c\u001b[Ad";
  const joined = read(whole).replaceAll("][", "");
  for (let cut = 1; cut < whole.length; cut++) {
    // A lone escape goes through at once: it is a key of its own.
    if (cut === 3) continue;
    expect(read(whole.slice(0, cut), whole.slice(cut)).replaceAll("][", ""), `cut at ${cut}`).toBe(joined);
  }
});

test("a lone escape is not held back", () => {
  expect(read("\u001b")).toBe("\u001b");
});
