// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a configuration names variables.
import { execFile } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Simulator, startSimulator } from "@agentwerk/llm-simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliBench, cliBench, mainFile } from "./testing/cli-bench.ts";
import { obedientModel } from "./testing/simulated-agents.ts";

const reviewer = `---
description: Reads code
tools: Read, bash(git diff *)
labels: review
---

You review code.
`;

const runFile = promisify(execFile);

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ respond: obedientModel });
});

afterAll(() => simulator.close());

function project(files: Readonly<Record<string, string>> = {}): CliBench {
  return cliBench({ baseUrl: simulator.baseUrl, files });
}

describe("help", () => {
  test("of every command has a description, and examples where there is something to show", async () => {
    using bench = project();
    const { code, stdout } = await bench.run([]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: agentwerk \[options\] \[command\]\n/);
    expect(stdout).toContain("Exit codes:");
    const commands = [...stdout.matchAll(/^ {2}([a-z-]+)(?:\|\w+)? .* {2}\S/gm)].map(([, name = ""]) => name);
    expect(commands).toEqual(expect.arrayContaining(["init", "run", "work", "tickets", "doctor"]));
    for (const command of ["init", "run", "work", "doctor", "stats", "completion"]) {
      const help = await bench.run([command, "--help"]);
      expect(help).toMatchObject({ code: 0, stderr: "" });
      expect(help.stdout).toContain("Examples:\n  agentwerk ");
    }
  });

  test("is shown without loading what commands need", async () => {
    using bench = project();
    const hook = `import { registerHooks } from "node:module";
      registerHooks({ load(url, context, next) { process.stderr.write(url + "\\n"); return next(url, context); } });`;
    const { code, stderr } = await bench.run(["--help"], {
      flags: ["--import", `data:text/javascript,${encodeURIComponent(hook)}`],
    });
    expect(code).toBe(0);
    expect(stderr).toContain("/cli/program.ts");
    expect(stderr).not.toMatch(/packages\/core\/|\/zod\/|clack|jiti|\/yaml\/|string-width/);
  });

  test("of a group without a command goes to standard error, with 2", async () => {
    using bench = project();
    const { code, stdout, stderr } = await bench.run(["tickets"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^Usage: agentwerk tickets /);
  });

  test.runIf(existsSync("/dev/full"))("that cannot be written is told in one line", async () => {
    using bench = project();
    const command = `'${process.execPath}' --conditions=@agentwerk/source '${mainFile}' --help > /dev/full`;
    const ended = await runFile("bash", ["-c", command], {
      cwd: bench.folder,
      env: bench.environment(),
    }).catch((error: unknown) => error);
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^agentwerk: Standard output cannot be written: ENOSPC.*\n$/),
    });
  });

  test("--version is that of the package", async () => {
    using bench = project();
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    expect(await bench.run(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });
});

describe("init", () => {
  test("--yes writes a project that doctor finds well and that runs, and keeps what is there", async () => {
    using bench = project({ ".gitignore": "node_modules" });
    const { code, stdout } = await bench.run(["init", "--yes"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^✓ agentwerk\.config\.ts\n✓ agents\/assistant\.md\n✓ \.gitignore\n\nNext:\n {2}npx agentwerk doctor\n/,
    );
    expect(readFileSync(join(bench.folder, ".gitignore"), "utf8")).toBe("node_modules\n.agentwerk/\n");
    expect(await bench.json(["doctor", "--json"])).toMatchObject({ ok: true });
    expect(await bench.run(["run", 'call read_file {"path": "package.json"}'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("project"),
    });
    bench.write({ "agentwerk.config.ts": "// mine" });
    expect(await bench.json(["init", "--yes", "--json"])).toEqual({
      files: [
        { file: "agentwerk.config.ts", outcome: "kept" },
        { file: "agents/assistant.md", outcome: "kept" },
        { file: ".gitignore", outcome: "kept" },
      ],
      installed: false,
    });
    await bench.run(["init", "--yes", "--force", "--model", "mistral:big"]);
    expect(readFileSync(join(bench.folder, "agentwerk.config.ts"), "utf8")).toContain('model: "mistral:big"');
  });

  test("names also what only this program has: the next npx brings none of it along", async () => {
    using bench = project();
    rmSync(join(bench.folder, "node_modules"), { recursive: true });
    const { code, stdout } = await bench.run(["init", "--yes"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Next:\n  npm install agentwerk @agentwerk/openai @agentwerk/tools-files\n");
  });

  test("asks nobody through a pipe, and names what has to be installed", async () => {
    using bench = project();
    const refused = await bench.run(["init"]);
    expect(refused).toMatchObject({
      code: 2,
      stderr:
        "agentwerk: Nobody is there to ask; agentwerk init --yes takes what the environment suggests.\n",
    });
    bench.write({ "pnpm-lock.yaml": "" });
    const { stdout } = await bench.run(["init", "--yes", "-m", "mistral:big", "sub/folder"]);
    expect(stdout).toContain(
      "Next:\n  cd sub/folder\n  pnpm add @agentwerk/mistral\n  export MISTRAL_API_KEY=…\n  npx agentwerk doctor\n",
    );
    expect(existsSync(join(bench.folder, "sub/folder/agentwerk.config.ts"))).toBe(true);
  });
});

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
    expect(simulator.requests.at(-1)?.conversation?.system).toContain("Use tabs.");
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
      import { importModule } from ${JSON.stringify(new URL("config/import-module.ts", import.meta.url).href)};
      Object.defineProperty(process.features, "typescript", { value: false });
      console.log(JSON.stringify((await importModule("${bench.folder}/agentwerk.config.ts")).default));`,
    });
    const { stdout } = await runFile(process.execPath, ["--conditions=@agentwerk/source", "look.mjs"], {
      cwd: bench.folder,
    });
    expect(JSON.parse(stdout)).toEqual({ agents: [{ name: "typed", role: "r" }] });
  });
});

describe("doctor", () => {
  test("looks at everything, also when one thing fails, and names the fix", async () => {
    using bench = cliBench({
      files: {
        "agentwerk.config.json": JSON.stringify({
          model: "openai:gpt-5",
          knowledge: "./knowledge",
          agents: [{ name: "a", role: "x", tools: ["web_fetch"] }],
        }),
        ".git/HEAD": "",
      },
    });
    const { code, stdout } = await bench.run(["doctor"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✓ node +\d+\./);
    expect(stdout).toMatch(/✓ configuration +agentwerk\.config\.json: a \(no label\)/);
    expect(stdout).toMatch(/✗ model +.*OPENAI_API_KEY/);
    expect(stdout).toMatch(/✗ tools +.*npm install @agentwerk\/tools-web/);
    expect(stdout).toMatch(/✓ knowledge +0 pages in \.\/knowledge/);
    expect(stdout).toMatch(/✓ store +SQLite in \.agentwerk: 0 tickets todo/);
    expect(stdout).toMatch(
      /! store +git does not ignore \.agentwerk\n +→ add the line \.agentwerk\/ to \.gitignore/,
    );
  });

  test("--online asks each model", async () => {
    using bench = project();
    const well = await bench.json(["doctor", "--online", "--json"]);
    expect(JSON.stringify(well)).toContain("simulated answered in");
    const gone = await bench.run(["doctor", "--online"], {
      env: { OPENAI_BASE_URL: "http://127.0.0.1:9/v1" },
    });
    expect(gone.code).toBe(1);
    expect(gone.stdout).toMatch(/✗ model +simulated did not answer: /);
  });
});

describe("tools, knowledge and stats", () => {
  test("tools list shows who has what, with schemas and about what they cost", async () => {
    using bench = project({
      "agentwerk.config.json":
        '{ "knowledge": "./k", "agents": [{ "name": "a", "role": "x", "tools": ["read_file"] }] }',
    });
    const { stdout, stderr } = await bench.run(["tools", "list", "--schemas"]);
    expect(stdout).toMatch(/^tool +agents +does +tokens +description\n/);
    expect(stdout).toMatch(/^knowledge +a +writes +\d+ /m);
    expect(stdout).toMatch(/^read_file +a +reads +\d+ /m);
    expect(stdout).toContain('"path"');
    expect(stderr).toMatch(/^About \d+ tokens in all;/);
    expect((await bench.run(["tools", "list", "-a", "b"])).code).toBe(2);
  });

  test("knowledge is written, listed, found, shown and removed", async () => {
    using bench = project({ "agentwerk.config.json": '{ "knowledge": "./k" }' });
    const argv = [
      "knowledge",
      "write",
      "deploy-steps",
      "-",
      "-d",
      "How to deploy",
      "-t",
      "process",
      "--tag",
      "ops,ci",
    ];
    expect(await bench.run(argv, { stdin: "Run the pipeline.\n" })).toMatchObject({
      code: 0,
      stdout: "deploy-steps is written.\n",
    });
    expect(await bench.json(["knowledge", "list", "--json"])).toMatchObject([
      { slug: "deploy-steps", type: "process", tags: ["ops", "ci"] },
    ]);
    expect(await bench.json(["knowledge", "search", "pipeline", "--json"])).toMatchObject([
      { slug: "deploy-steps" },
    ]);
    expect((await bench.run(["knowledge", "show", "deploy-steps"])).stdout).toMatch(
      /^How to deploy\nprocess, ops, ci, .*\n\nRun the pipeline\.\n$/,
    );
    expect((await bench.run(["knowledge", "remove", "deploy-steps"])).code).toBe(0);
    expect(await bench.run(["knowledge", "show", "deploy-steps"])).toMatchObject({
      code: 1,
      stderr: "agentwerk: There is no page deploy-steps; agentwerk knowledge list shows those there are.\n",
    });
  });

  test("stats tell what was done by label and agent, in bars", async () => {
    using bench = project({
      "agentwerk.config.json": '{ "agents": [{ "name": "a", "labels": ["x", "y"], "role": "x" }] }',
    });
    for (const label of ["x", "x", "y"]) await bench.run(["tickets", "create", "hello", "-l", label]);
    await bench.run(["work", "--until-dry"]);
    const { stdout } = await bench.run(["stats"]);
    expect(stdout).toMatch(/^tickets +3: 3 done, 0 failed, 0 cancelled\nsuccess +100\.0 %\n/);
    expect(stdout).toMatch(/\nx +2 +█{24} +2 +0 /);
    expect(stdout).toMatch(/\ny +1 +█{12} +1 +0 /);
    expect(stdout).toMatch(/\na +3 +█{24} +3 +0 /);
    expect(await bench.json(["stats", "--json"])).toMatchObject({
      all: { done: 3, requests: 3 },
      labels: { x: { done: 2 }, y: { done: 1 } },
      agents: { a: { done: 3 } },
    });
  });
});

describe("completion", () => {
  test("offers commands, options, agents and tickets", async () => {
    using bench = project({
      "agentwerk.config.json": '{ "agents": [{ "name": "ann", "labels": ["x"], "role": "x" }] }',
    });
    await bench.run(["tickets", "create", "hello", "-l", "x"]);
    const words = async (...line: readonly string[]): Promise<readonly string[]> => {
      const { stdout } = await bench.run(["__complete", "--", ...line]);
      return stdout
        .trimEnd()
        .split("\n")
        .map((candidate) => candidate.split("\t")[0] ?? "");
    };
    expect(await words("tick")).toEqual(["tickets"]);
    expect(await words("")).not.toContain("__complete");
    expect(await words("tickets", "re")).toEqual(["reply", "reject", "retry"]);
    expect(await words("run", "--ag")).toEqual(["--agent"]);
    expect(await words("run", "--agent", "")).toEqual(["ann"]);
    expect(await words("tickets", "list", "--status", "in")).toEqual(["in_progress"]);
    expect(await words("tickets", "show", "")).toEqual(["TICKET-1"]);
    expect(await words("tickets", "create", "x", "--blocked-by", "")).toEqual(["TICKET-1"]);
    expect(await words("completion", "")).toEqual(["bash", "zsh", "fish"]);
  });

  test("bash completes with the script", async () => {
    using bench = project();
    const { stdout: script } = await bench.run(["completion", "bash"]);
    bench.write({
      "complete.bash": script,
      "bin/agentwerk": `#!/bin/sh\nexec '${process.execPath}' --conditions=@agentwerk/source '${new URL("main.ts", import.meta.url).pathname}' "$@"\n`,
      "try.sh": `chmod +x bin/agentwerk; PATH=$PWD/bin:$PATH; . ./complete.bash\nCOMP_WORDS=(agentwerk tickets ca); COMP_CWORD=2; _agentwerk; printf '%s\\n' "\${COMPREPLY[@]}"\n`,
    });
    const { stdout } = await runFile("bash", ["try.sh"], { cwd: bench.folder, env: bench.environment() });
    expect(stdout).toBe("cancel\n");
  });
});
