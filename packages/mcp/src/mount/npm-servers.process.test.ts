import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Agent } from "@agentwerk/core";
import { toolSuite } from "@agentwerk/core/testing";
import { startSimulator } from "@agentwerk/llm-simulator";
import { openai } from "@agentwerk/openai";
import { describe, expect, it } from "vitest";
import { mount } from "../testing/mount.ts";
import { npmServer } from "../testing/npm-servers.ts";
import { temporaryDir } from "../testing/temporary-dir.ts";

describe("servers from npm", () => {
  it("server-filesystem solves a ticket with an agent, over a model's wire format", async () => {
    const dir = await temporaryDir();
    await writeFile(join(dir, "notes.txt"), "The answer is in this file: heliotrope.");
    const { servers } = await mount({
      files: {
        ...npmServer(import.meta.resolve("@modelcontextprotocol/server-filesystem/package.json"), dir),
        readOnly: ["read_text_file"],
      },
    });
    await using simulator = await startSimulator({
      script: [
        { toolCalls: [{ name: "files__read_text_file", input: { path: join(dir, "notes.txt") } }] },
        {
          toolCalls: [
            {
              name: "files__write_file",
              input: { path: join(dir, "answer.txt"), content: "heliotrope" },
            },
          ],
        },
        { toolCalls: [{ name: "write_result", input: { result: "heliotrope" } }] },
      ],
    });
    const agent = new Agent({
      model: openai("gpt-5", { baseUrl: simulator.baseUrls.openai, apiKey: "sk-0123456789abcdef", env: {} }),
      role: "You look things up.",
      tools: [servers],
    });

    expect(await agent.run("What is the answer? Write it down, too.")).toBe("heliotrope");
    expect(await readFile(join(dir, "answer.txt"), "utf8")).toBe("heliotrope");
    expect(simulator.requests).toHaveLength(3);
    expect(JSON.stringify(simulator.requests[1])).toContain("in this file: heliotrope");
  });

  it("server-filesystem refuses what is outside, and the model is told", async () => {
    const dir = await temporaryDir();
    const { call } = await mount({
      files: npmServer(import.meta.resolve("@modelcontextprotocol/server-filesystem/package.json"), dir),
    });
    expect(await call("files__read_text_file", { path: "/etc/passwd" })).toMatchObject({
      kind: "error",
      message: expect.stringMatching(/denied/i),
    });
  });

  it("server-memory keeps a graph", async () => {
    const dir = await temporaryDir();
    const { call } = await mount({
      memory: {
        ...npmServer(import.meta.resolve("@modelcontextprotocol/server-memory/package.json")),
        env: { MEMORY_FILE_PATH: join(dir, "memory.json") },
      },
    });
    await call("memory__create_entities", {
      entities: [{ name: "Ada", entityType: "person", observations: ["wrote the first program"] }],
    });
    expect(JSON.stringify(await call("memory__search_nodes", { query: "program" }))).toContain("Ada");
  });

  it("server-sequential-thinking counts thoughts", async () => {
    const { call } = await mount({
      thinking: npmServer(
        import.meta.resolve("@modelcontextprotocol/server-sequential-thinking/package.json"),
      ),
    });
    const returned = await call("thinking__sequentialthinking", {
      thought: "First.",
      nextThoughtNeeded: false,
      thoughtNumber: 1,
      totalThoughts: 1,
    });
    expect(JSON.stringify(returned)).toContain("thoughtHistoryLength");
  });

  it("@playwright/mcp lists its tools, deferred where the configuration says so", async () => {
    const { tools } = await mount({
      browser: {
        ...npmServer(import.meta.resolve("@playwright/mcp/package.json"), "--headless"),
        deferred: true,
        deny: ["browser_close"],
      },
    });
    const listed = await tools();
    const names = listed.map(({ name }) => name);
    expect(names).toContain("browser__browser_navigate");
    expect(names).not.toContain("browser__browser_close");
    expect(listed.every(({ deferred }) => deferred)).toBe(true);
  });
});

toolSuite({
  name: "directory_tree of server-filesystem",
  async open() {
    const dir = await temporaryDir();
    await mkdir(join(dir, "inside"));
    const server = npmServer(
      import.meta.resolve("@modelcontextprotocol/server-filesystem/package.json"),
      dir,
    );
    const { tool } = await mount({ files: { ...server, cwd: dir, readOnly: true } });
    return { tool: await tool("files__directory_tree"), state: () => readdir(dir) };
  },
  valid: [{ path: "." }],
  invalid: [{}, { path: 5 }],
  failing: [{ path: "/etc" }],
  slow: { path: "." },
});
