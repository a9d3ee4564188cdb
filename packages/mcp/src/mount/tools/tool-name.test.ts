import { expect, it } from "vitest";
import { toToolName } from "./tool-name.ts";

const free = (): boolean => false;

it("joins server and tool", () => {
  expect(toToolName({ server: "github", tool: "create_issue" }, free)).toBe("github__create_issue");
});

it("puts what vendors do not take away", () => {
  expect(toToolName({ server: "my docs", tool: "a.b/c" }, free)).toBe("my_docs__a_b_c");
});

it("ends in a hash of the original when it is too long or taken, and differs where the originals do", () => {
  const long = toToolName({ server: "s", tool: "x".repeat(100) }, free);
  expect(long).toMatch(/^s__x+_[0-9a-f]{8}$/);
  expect(long).toHaveLength(64);
  expect(toToolName({ server: "s", tool: "x".repeat(101) }, free)).not.toBe(long);
  expect(toToolName({ server: "s", tool: "a b" }, () => true)).toMatch(/^s__a_b_[0-9a-f]{8}$/);
  expect(toToolName({ server: "s", tool: "a b" }, () => true)).not.toBe(
    toToolName({ server: "s", tool: "a_b" }, () => true),
  );
});
