// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a configuration names variables.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { simulatedProjects } from "../testing/simulated-projects.ts";

const reviewer = `---
description: Reads code
tools: Read, bash(git diff *)
labels: review
---

You review code.
`;

const projects = simulatedProjects();
const { project } = projects;

describe("the configuration", () => {
  test("may be agents in markdown files alone, beside variables in .env", async () => {
    using bench = project({
      "agentwerk.config.json": '{ "dir": "${STATE}" }',
      ".env": "STATE=state-of-env\n",
      "agents/reviewer.md": reviewer,
    });
    const listed = await bench.json(["tools", "list", "--json"]);
    expect(listed).toMatchObject([
      { name: "bash", agents: ["reviewer"] },
      { name: "read_file" },
      { name: "write_result" },
    ]);
    await bench.run(["tickets", "create", "x", "-l", "review"]);
    expect(existsSync(join(bench.folder, "state-of-env/tickets.db"))).toBe(true);
  });

  test("gives agents skills and instructions", async () => {
    using bench = project({
      "agentwerk.config.json":
        '{ "skills": "./skills", "agents": [{ "name": "a", "role": "x", "instructions": "AGENTS.md" }, { "name": "b", "role": "y", "skills": false }] }',
      "skills/release/SKILL.md": "---\nname: release\ndescription: How to release\n---\n\nTag it.\n",
      "AGENTS.md": "Use tabs.",
    });
    expect(await bench.json(["tools", "list", "--json"])).toMatchObject([
      { name: "skill", agents: ["a"] },
      { name: "write_result", agents: ["a", "b"] },
    ]);
    const { stdout } = await bench.run(["run", "-a", "a", 'call skill {"name": "release"}']);
    expect(stdout).toContain("Tag it.");
    expect(projects.simulator.requests.at(-1)?.conversation?.system).toContain("Use tabs.");
  });

  test.each([
    [
      '{ "agents": [{ "rol": "x" }] }',
      /^agentwerk: agentwerk\.config\.json: agents\[0\]\.rol is not an option\. Did you mean role\?\n$/,
    ],
    [
      '{ "agents": [{ "role": "x", "tools": ["reed_file"] }] }',
      /agents\[0\]\.tools\[0\] names the tool reed_file, .* Did you mean read_file\?/,
    ],
    ['{ "agents": [{ "role": "x", "tools": ["bash(*)"] }] }', /agents\[0\]: .*\*/],
    [
      '{ "agents": [{ "role": "x" }, { "role": "y" }] }',
      /agents\[1\] and agents\[0\] are both named agent; give one another name\./,
    ],
    ['{ "agentFiles": "robots" }', /agentFiles is robots, but there is no folder robots/],
    [
      '{ "dir": "${NOT_THERE}" }',
      /dir names \$\{NOT_THERE\}, which is not set; set it, or write \$\{NOT_THERE:-a value\}\./,
    ],
    ['{ "store": "acme://x/y" }', /No store opens acme: URLs; no plugin here brings a store/],
    [
      '{ "plugins": ["no-such-plugin"] }',
      /plugins\[0\] names a plugin, but no-such-plugin is not installed: npm install no-such-plugin/,
    ],
    [
      '{ "model": "mistral:big" }',
      /model is "mistral:big", but @agentwerk\/mistral is not installed: npm install @agentwerk\/mistral/,
    ],
    [
      '{ "agents": [{ "role": "x", "tools": ["web_fetch"] }] }',
      /agents\[0\]\.tools\[0\] names web_fetch, but @agentwerk\/tools-web is not installed: npm install @agentwerk\/tools-web/,
    ],
  ])("%s is refused in one line", async (config, message) => {
    using bench = project({ "agentwerk.config.json": config });
    const { code, stdout, stderr } = await bench.run(["work", "--until-dry"]);
    expect({ code: code === 0, stdout }).toEqual({ code: false, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).not.toContain("    at ");
  });

  test("that leaves the model to an environment whose package is not there names the command of its package manager", async () => {
    using bench = project({ "agentwerk.config.json": "{}", "pnpm-lock.yaml": "" });
    expect(await bench.run(["run", "hello"], { env: { MISTRAL_API_KEY: "key" } })).toMatchObject({
      code: 1,
      stderr:
        "agentwerk: MISTRAL_API_KEY is set, but @agentwerk/mistral is not installed: pnpm add @agentwerk/mistral\n",
    });
  });

  test("stack traces come with --verbose", async () => {
    using bench = project({ "agentwerk.config.ts": 'throw new Error("no luck");' });
    expect((await bench.run(["doctor"])).stdout).toContain(
      "agentwerk.config.ts could not be loaded: no luck",
    );
    expect((await bench.run(["stats"])).stderr).toBe(
      "agentwerk: agentwerk.config.ts could not be loaded: no luck\n",
    );
    expect((await bench.run(["stats", "--verbose"])).stderr).toMatch(
      /no luck\n(.*\n)* {4}at .*agentwerk\.config\.ts/,
    );
  });

  test("is loaded by a Node that cannot strip types", async () => {
    using bench = project({
      "agentwerk.config.ts":
        'import { defineConfig } from "agentwerk";\nconst role: string = "r";\nexport default defineConfig({ agents: [{ name: "typed", role }] });',
    });
    bench.write({
      "look.mjs": `
      import { importModule } from ${JSON.stringify(new URL("import-module.ts", import.meta.url).href)};
      Object.defineProperty(process.features, "typescript", { value: false });
      console.log(JSON.stringify((await importModule("${bench.folder}/agentwerk.config.ts")).default));`,
    });
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=@agentwerk/source", "look.mjs"],
      {
        cwd: bench.folder,
      },
    );
    expect(JSON.parse(stdout)).toEqual({ agents: [{ name: "typed", role: "r" }] });
  });
});
