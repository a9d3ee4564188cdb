import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "./shell-word.ts";

test.each([
  ["packages/tool", "packages/tool"],
  ["Ärger", "Ärger"],
  ["my project", "'my project'"],
  ["it's", "'it'\\''s'"],
  ["$(touch x)", "'$(touch x)'"],
  ["~/x", "'~/x'"],
  ["", "''"],
])("%j is typed as %s, which a shell reads as it was", (text, typed) => {
  expect(shellWord(text)).toBe(typed);
  expect(execFileSync("sh", ["-c", `printf %s ${typed}`], { encoding: "utf8" })).toBe(text);
});
