import { describe, expect, test } from "vitest";
import { parseAgentFile } from "./read-agent-file.ts";
import { splitList } from "./split-list.ts";

const file = "agents/reviewer.md";

describe("an agent's file", () => {
  test("is front matter and a role", () => {
    const content = `---
name: reviewer
description: Reads code
labels: review, security
tools: Read, Grep, bash(git diff *, git log *)
model: inherit
color: blue
policy:
  maxTurns: 5
---

You review code.

Be kind.
`;
    expect(parseAgentFile(content, { file })).toEqual({
      file,
      description: "Reads code",
      config: {
        name: "reviewer",
        labels: ["review", "security"],
        tools: ["Read", "Grep", "bash(git diff *, git log *)"],
        model: "inherit",
        policy: { maxTurns: 5 },
        role: "You review code.\n\nBe kind.",
      },
    });
  });

  test("is named after its file unless it says otherwise, and takes lists and Windows line ends", () => {
    const { config } = parseAgentFile("---\r\ntools:\r\n  - read_file\r\n---\r\nYou read.\r\n", { file });
    expect(config).toEqual({ name: "reviewer", tools: ["read_file"], role: "You read." });
    expect(parseAgentFile("---\n---\nYou read.", { file }).config).toEqual({
      name: "reviewer",
      role: "You read.",
    });
  });

  test("a rule within the text ends nothing", () => {
    expect(parseAgentFile("---\nname: a\n---\nOne.\n\n---\n\nTwo.", { file }).config.role).toBe(
      "One.\n\n---\n\nTwo.",
    );
  });

  test.each([
    ["You review code.", /agents\/reviewer\.md has no front matter; begin it with a line ---/],
    ["---\nname: a\n---\n", /has no text below its front matter/],
    ["---\nname: [\n---\nx", /the front matter is not YAML: /],
    ["---\ntool: read\n---\nx", /tool is not an option\. Did you mean tools\?/],
    ["---\nconcurrency: many\n---\nx", /concurrency has to be a number\./],
    ["---\ndisallowedTools: Bash\n---\nx", /disallowedTools is not an option\./],
    ["---\njust text\n---\nx", /It has to be an object\./],
  ])("%j is refused with the file and the field", (content, message) => {
    expect(() => parseAgentFile(content, { file })).toThrow(message);
  });
});

test.each([
  ["a, b", ["a", "b"]],
  ["bash(git diff *, ls), grep", ["bash(git diff *, ls)", "grep"]],
  ["", []],
  [" , a ,", ["a"]],
  ["a) , b", ["a)", "b"]],
])("%j is split at its commas", (text, items) => {
  expect(splitList(text)).toEqual(items);
});
