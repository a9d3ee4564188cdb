import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../support/run-command.ts";
import { workspaceRoot } from "../support/workspace-packages.ts";

const layers = [
  ["errors", "util"],
  ["schema"],
  ["provider"],
  ["ticket"],
  ["event", "policy", "query"],
  ["tool", "knowledge", "store"],
  ["agent", "plugin"],
  ["prompt"],
  ["loop"],
  ["system"],
  ["testing"],
];

const folder = mkdtempSync(join(tmpdir(), "agentwerk-layers-"));
const refusals = new Map<string, string>();

beforeAll(async () => {
  copyFileSync(join(workspaceRoot, "biome.layers.jsonc"), join(folder, "biome.layers.jsonc"));
  writeFileSync(join(folder, "biome.json"), JSON.stringify({ extends: ["./biome.layers.jsonc"] }));
  for (const from of layers.flat()) {
    for (const to of layers.flat()) probe(`packages/core/src/${from}/${to}.ts`, `../${to}/thing.ts`);
  }
  probe("packages/core/src/loop/index.ts", "../index.ts");
  probe("packages/core/src/loop/openai.ts", "@agentwerk/openai");
  probe("packages/providers/openai/src/llm-simulator.ts", "@agentwerk/llm-simulator");
  probe("packages/providers/openai/src/core.ts", "@agentwerk/core/testing");
  probe("packages/providers/env/src/openai.ts", "@agentwerk/openai");

  const biome = join(workspaceRoot, "node_modules/.bin/biome");
  const options = ["--only=style/noRestrictedImports", "--reporter=json", "--max-diagnostics=none"];
  const { stdout } = await runCommand(biome, ["lint", ...options, "."], { cwd: folder });
  for (const { message, location } of JSON.parse(stdout).diagnostics) refusals.set(location.path, message);
});

afterAll(() => rmSync(folder, { recursive: true }));

test("the linter refuses exactly those imports inside the core that go to a higher layer", () => {
  const names = layers.flat();
  const refused = names.flatMap((from) =>
    names
      .filter((to) => refusals.has(`packages/core/src/${from}/${to}.ts`))
      .map((to) => `${from} imports ${to}`),
  );
  const upwards = names.flatMap((from) =>
    names.filter((to) => rank(to) > rank(from)).map((to) => `${from} imports ${to}`),
  );
  expect(refused).toEqual(upwards);
  expect(refusals.get("packages/core/src/util/schema.ts")).toContain("Lower never imports higher.");
});

test("the linter refuses the index of the core inside the core", () => {
  expect(refusals.get("packages/core/src/loop/index.ts")).toContain("Lower never imports higher.");
});

test("the linter refuses a plugin in the core", () => {
  expect(refusals.get("packages/core/src/loop/openai.ts")).toContain("The core depends on no plugin");
});

test("the linter refuses a plugin in a plugin, and accepts the core there", () => {
  const refusal = refusals.get("packages/providers/openai/src/llm-simulator.ts");
  expect(refusal).toContain("A plugin imports the core and no other plugin");
  expect(refusals.has("packages/providers/openai/src/core.ts")).toBe(false);
});

test("the linter lets modelFromEnv import the provider packages", () => {
  expect(refusals.has("packages/providers/env/src/openai.ts")).toBe(false);
});

function probe(file: string, imported: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), `import { thing } from "${imported}";\n\nthing();\n`);
}

function rank(name: string): number {
  return layers.findIndex((layer) => layer.includes(name));
}
