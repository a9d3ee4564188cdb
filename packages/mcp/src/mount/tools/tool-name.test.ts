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
  const isTaken = (name: string): boolean => name === "s__a_b";
  expect(toToolName({ server: "s", tool: "a b" }, isTaken)).toMatch(/^s__a_b_[0-9a-f]{8}$/);
  expect(toToolName({ server: "s", tool: "a b" }, isTaken)).not.toBe(
    toToolName({ server: "s", tool: "a_b" }, isTaken),
  );
});

it("is free, whatever else a server names as the hash makes of it", () => {
  const made = toToolName({ server: "s", tool: "a b" }, (name) => name === "s__a_b");
  const taken = new Set(["s__a_b", made]);
  const next = toToolName({ server: "s", tool: "a b" }, (name) => taken.has(name));
  expect(next).toMatch(/^s__a_b_[0-9a-f]{8}$/);
  expect(taken).not.toContain(next);
});
