import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineTool, type ToolSource } from "@agentwerk/core";
import { afterAll, describe, expect, test } from "vitest";
import { type MountedServers, makeTools } from "./make-tools.ts";
import { parseToolReference } from "./parse-tool-reference.ts";

const root = mkdtempSync(join(tmpdir(), "agentwerk-tools-"));

afterAll(() => rmSync(root, { recursive: true }));

const servers: MountedServers = {
  names: ["github", "git"],
  source: async (server, names): Promise<ToolSource> => ({
    name: `${server}: ${names?.join(" ") ?? "all"}`,
    tools: () => [],
  }),
  close: async () => {},
};

async function namesOf(references: Parameters<typeof makeTools>[0]): Promise<readonly string[]> {
  const tools = await makeTools(references, { field: "agents[0].tools", root, servers });
  return tools.map(({ name }) => name);
}

describe("tools by name", () => {
  test("are made by the packages that bring them, also under the names of coding agents", async () => {
    const own = defineTool({ name: "own", description: "Mine.", input: { type: "object" }, run: () => "" });
    const names = await namesOf(
      ["read_file", "Edit", "bash(git status)", { tool: "bash2" }, own].filter(
        (tool) => typeof tool === "string" || "run" in tool,
      ),
    );
    expect(names).toEqual(["read_file", "edit_file", "bash", "own"]);
    expect(await namesOf(["ask_human", "manage_tickets", "read_tickets", "write_handover"])).toEqual([
      "ask_human",
      "manage_tickets",
      "read_tickets",
      "write_handover",
    ]);
  });

  test("of one MCP server become one source; the whole server takes in its single tools", async () => {
    expect(await namesOf(["github__a", "git__b", "github__c"])).toEqual([
      "github: github__a github__c",
      "git: git__b",
    ]);
    expect(await namesOf(["github__a", "mcp:github"])).toEqual(["github: all"]);
    expect(await namesOf(["mcp:github", "github__a"])).toEqual(["github: all"]);
  });

  test.each([
    [
      ["read_fil"],
      /agents\[0\]\.tools\[0\] names the tool read_fil, which nobody here brings\. Did you mean read_file\?/,
    ],
    [
      ["mcp:gitub"],
      /agents\[0\]\.tools\[0\] names the MCP server gitub, which mcpServers does not have\. Did you mean github\?/,
    ],
    [["read_file(src)"], /only bash takes patterns in parentheses/],
    [["two words"], /agents\[0\]\.tools\[0\] is "two words"; give a tool's name/],
    [[{ tool: "bash", allow: ["*"] }], /./],
  ])("%j is refused by its path", async (references, message) => {
    await expect(namesOf(references)).rejects.toThrow(message);
  });
});

test("patterns of other coding agents are read as ours", () => {
  expect(parseToolReference("Bash(git diff:*, npm test)", { field: "tools[0]" })).toEqual({
    kind: "named",
    name: "Bash",
    options: { allow: ["git diff *", "npm test"] },
  });
});
