import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { simulatedProjects } from "../../testing/simulated-projects.ts";

const { project } = simulatedProjects();

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
    expect((await bench.run(["init", "--yes", "a folder"])).stdout).toContain("Next:\n  cd 'a folder'\n");
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

  test.each([
    "package.json",
    "package.json/below",
    ...(existsSync("/proc/self") ? ["/proc/agentwerk/a"] : []),
  ])("refuses %s, where no folder can be made, with what to do", async (folder) => {
    using bench = project();
    const { code, stdout, stderr } = await bench.run(["init", "--yes", folder]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      /^agentwerk: The folder \S+ cannot be made: .*Name one that you can write to\.\n$/,
    );
  });
});
