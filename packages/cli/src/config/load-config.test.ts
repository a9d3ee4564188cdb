import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findConfig } from "./find-config.ts";
import { checkConfig, loadConfig } from "./load-config.ts";

const folder = mkdtempSync(join(tmpdir(), "agentwerk-config-"));

afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const provider = { name: "p", respond: () => undefined };
const agent = { role: "You work." };

describe("a configuration", () => {
  test("takes everything that an agent takes", () => {
    const config = {
      dir: "state",
      store: "postgres://host/db",
      namespace: "team",
      policy: { maxTime: "5m", maxCost: 2.5 },
      leaseDuration: 1000,
      model: { name: "m", provider, contextWindow: 1 },
      agents: [
        {
          ...agent,
          name: "a",
          labels: ["x"],
          model: "openai:gpt-5",
          tools: [
            "read_file",
            { tool: "bash", allow: ["ls"] },
            { name: "t", run: () => "" },
            { name: "s", tools: () => [] },
          ],
          knowledge: false,
          concurrency: 4,
          interactive: true,
          dir: "src",
          policy: { maxTurns: 3, toolTimeout: "10s" },
          context: "",
          templateVariables: { a: "b" },
          directives: { finishMissing: "Finish." },
        },
        { definition: { name: "made", labels: [] } },
      ],
      agentFiles: false,
      plugins: ["a-plugin", { name: "mine" }],
      mcpServers: {
        files: { command: "npx", args: ["x"], env: { A: "b" } },
        docs: { url: "https://example.com/mcp" },
      },
      knowledge: "./knowledge",
    };
    expect(checkConfig(config, "c")).toEqual(config);
  });

  test.each([
    [{ agent: [] }, "agent is not an option. Did you mean agents?"],
    [{ agents: {} }, "agents has to be a list."],
    [{ agents: [agent, { name: "x" }] }, "agents[1].role is missing; give a text."],
    [{ agents: [{ role: " " }] }, "agents[0].role is empty."],
    [{ agents: [{ ...agent, label: ["x"] }] }, "agents[0].label is not an option. Did you mean labels?"],
    [{ agents: [{ ...agent, concurrency: 0 }] }, "agents[0].concurrency has to be above 0."],
    [{ agents: [{ ...agent, concurrency: 1.5 }] }, "agents[0].concurrency has to be a whole number."],
    [{ agents: [{ ...agent, tools: ["read_file", 3] }] }, "agents[0].tools[1] has to be the name of a tool"],
    [{ agents: [{ ...agent, model: 3 }] }, 'agents[0].model has to be a text such as "anthropic:'],
    [
      { agents: [{ ...agent, policy: { maxTurn: 3 } }] },
      "agents[0].policy.maxTurn is not an option. Did you mean maxTurns?",
    ],
    [
      { agents: [{ ...agent, templateVariables: { a: 1 } }] },
      "agents[0].templateVariables.a has to be a text.",
    ],
    [{ policy: { maxTime: "5 minutes" } }, "policy.maxTime has to be milliseconds or a text such as"],
    [{ policy: { maxCost: -1 } }, "policy.maxCost has to be above 0."],
    [{ mcpServers: { x: {} } }, "mcpServers.x has to have either command"],
    [{ mcpServers: { x: { command: "a", args: "b" } } }, "mcpServers.x.args has to be a list."],
    [{ store: 3 }, "store has to be a URL such as postgres://"],
    [{ plugins: [3] }, "plugins[0] has to be the name of a package, or a plugin."],
    ["text", "It has to be an object."],
    [{ dir: 3, namespace: 3 }, "(and 1 more)"],
  ])("%j is refused by the path of its field", (config, message) => {
    expect(() => checkConfig(config, "agentwerk.config.ts")).toThrow(message);
    expect(() => checkConfig(config, "agentwerk.config.ts")).toThrow(/^agentwerk\.config\.ts: /);
  });

  test("is loaded from TypeScript, JavaScript and JSON", async () => {
    const ts = write(
      "ts/agentwerk.config.ts",
      "const role: string = 'r'; export default { agents: [{ role }] };",
    );
    const js = write("js/agentwerk.config.mjs", "export default { agents: [{ role: 'r' }] };");
    const json = write("json/agentwerk.config.json", '{ "$schema": "x", "agents": [{ "role": "r" }] }');
    for (const path of [ts, js, json]) expect(await loadConfig(path)).toEqual({ agents: [{ role: "r" }] });
  });

  test("may hold syntax that types cannot be stripped from", async () => {
    const path = write(
      "enum/agentwerk.config.ts",
      "enum Role { A = 'r' }\nexport default { agents: [{ role: Role.A }] };",
    );
    expect(await loadConfig(path)).toEqual({ agents: [{ role: "r" }] });
  });

  test.each([
    [
      "none.config.ts",
      "export const config = {};",
      /exports nothing as default; write: export default defineConfig/,
    ],
    ["throws.config.ts", "throw new Error('no luck');", /could not be loaded: no luck/],
    ["syntax.config.ts", "export default {", /could not be loaded: /],
    [
      "missing.config.ts",
      'import "not-there-at-all"; export default {};',
      /imports not-there-at-all, which is not installed: npm install not-there-at-all/,
    ],
    ["bad.json", "{", /is not JSON: /],
    [
      "agentwerk.yaml",
      "dir: x",
      /is no configuration that can be read; write it in a file that ends in \.ts,/,
    ],
  ])("%s is refused with what to do", async (name, content, message) => {
    await expect(loadConfig(write(`bad/${name}`, content))).rejects.toThrow(message);
  });

  test("is found in the folder or above it, TypeScript first", () => {
    const path = write("up/agentwerk.config.ts", "");
    write("up/agentwerk.config.json", "{}");
    mkdirSync(join(folder, "up/a/b"), { recursive: true });
    expect(findConfig({ cwd: join(folder, "up/a/b"), named: undefined })).toBe(path);
    expect(findConfig({ cwd: join(folder, "up"), named: "agentwerk.config.json" })).toBe(
      join(folder, "up/agentwerk.config.json"),
    );
    expect(findConfig({ cwd: folder, named: "up" })).toBe(path);
    expect(() => findConfig({ cwd: folder, named: "up/a" })).toThrow(
      "There is no configuration in the folder up/a",
    );
    expect(() => findConfig({ cwd: folder, named: "nope.ts" })).toThrow("There is no configuration nope.ts");
  });
});
