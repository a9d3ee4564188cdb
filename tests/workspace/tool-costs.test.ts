import { readFileSync } from "node:fs";
import { join } from "node:path";
import { encode } from "gpt-tokenizer";
import { expect, test } from "vitest";
import {
  Agent,
  askHuman,
  defineTool,
  type Knowledge,
  manageTickets,
  readTickets,
  type Skills,
  type ToolDefinition,
  writeHandover,
} from "../../packages/core/src/index.ts";
import { scriptedProvider, writesResult } from "../../packages/core/src/testing/index.ts";
import { fileTools } from "../../packages/tools/files/src/index.ts";
import { bash } from "../../packages/tools/shell/src/index.ts";
import { braveSearch, webFetch, webSearch } from "../../packages/tools/web/src/index.ts";
import { workspaceRoot } from "../support/workspace-packages.ts";

const guide = join(workspaceRoot, "docs/guides/tools.md");
const section = /(?<=<!-- costs: made by tests\/workspace.*-->\n\n).*(?=<!-- end of costs -->)/s;

const packages: Readonly<Record<string, readonly string[]>> = {
  "@agentwerk/tools-files": fileTools().map(({ name }) => name),
  "@agentwerk/tools-shell": ["bash"],
  "@agentwerk/tools-web": ["web_fetch", "web_search"],
  "@agentwerk/core": [
    "knowledge",
    "skill",
    "write_result",
    "write_handover",
    "ask_human",
    "manage_tickets",
    "read_tickets",
    "tool_search",
    "tool_call",
  ],
};

/** Nobody asks these two anything: that they are there brings their tools. */
const knowledge: Knowledge = {
  list: async () => [],
  read: async () => undefined,
  write: () => Promise.reject(new Error("not written here")),
  remove: async () => false,
  search: async () => [],
  index: async () => "",
};
const skills: Skills = {
  list: async () => [],
  read: async () => undefined,
  readFile: () => Promise.reject(new Error("not read here")),
};

/** As a request carries them. */
async function definitions(): Promise<readonly ToolDefinition[]> {
  const deferred = defineTool({
    name: "deferred",
    description: "Is found by tool_search.",
    input: { type: "object" },
    deferred: true,
    run: () => "",
  });
  const provider = scriptedProvider([writesResult("done")]);
  const agent = new Agent({
    model: provider.model,
    role: "You work.",
    knowledge,
    skills,
    tools: [
      ...fileTools(),
      bash({ allow: ["git status *", "git log *"] }),
      webFetch(),
      webSearch({ provider: braveSearch({ apiKey: "none" }) }),
      writeHandover(),
      askHuman(),
      manageTickets(),
      readTickets(),
      deferred,
    ],
  });
  await agent.run("work");
  return provider.requests[0]?.tools ?? [];
}

/** In the encoding of GPT-4o and later, o200k. */
function cost({ name, description, inputSchema }: ToolDefinition): number {
  return encode(JSON.stringify({ name, description, parameters: inputSchema })).length;
}

test("the guide tells what each definition costs: npm test -- --project=workspace tests/workspace/tool-costs -u writes it", async () => {
  const found = await definitions();
  expect(found.map(({ name }) => name).sort()).toEqual(Object.values(packages).flat().sort());
  const rows = Object.entries(packages).flatMap(([packageName, names]) =>
    names.map((name) => {
      const definition = found.find((one) => one.name === name);
      return [`\`${name}\``, `\`${packageName}\``, definition === undefined ? "" : String(cost(definition))];
    }),
  );
  const all = ["all", "", String(found.reduce((sum, definition) => sum + cost(definition), 0))];
  const table = [["tool", "package", "tokens"], ["---", "---", "---:"], ...rows, all];
  const lines = table.map((row) => `| ${row.join(" | ")} |\n`).join("");
  const text = readFileSync(guide, "utf8");
  expect(text).toMatch(section);
  await expect(text.replace(section, () => `${lines}\n`)).toMatchFileSnapshot(guide);
});
