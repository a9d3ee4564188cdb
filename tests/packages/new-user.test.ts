import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Simulator, startSimulator } from "@agentwerk/llm-simulator";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { runCommand, runOrThrow } from "../support/run-command.ts";
import { nodeReleases } from "./node-releases.ts";

const tarballs = inject("tarballs");
const folder = mkdtempSync(join(tmpdir(), "agentwerk-new-user-"));
const releases = await nodeReleases();
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({
    respond: ({ tools }) =>
      tools.some(({ name }) => name === "write_result")
        ? { toolCalls: [{ name: "write_result", input: { result: "four" } }] }
        : "four",
  });
  await Promise.all([
    // As npx does it: the command line and what it needs stand in a folder of their own, outside of the project.
    install(join(folder, "npx"), ["agentwerk", "@agentwerk/core", "@agentwerk/providers"]),
    // Without agentwerk itself: everything has to work with what npx has brought.
    install(join(folder, "installed"), ["@agentwerk/openai", "@agentwerk/tools-files", "@agentwerk/core"]),
  ]);
});

afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

async function install(cwd: string, names: readonly string[]): Promise<void> {
  mkdirSync(cwd, { recursive: true });
  const files = names.map((name) => tarballs[name] ?? "");
  await runOrThrow("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...files], { cwd });
}

describe.each(Object.entries(releases))("on Node %s", (version, node) => {
  const cwd = join(folder, `project-${version}`);

  function agentwerk(...argv: readonly string[]): ReturnType<typeof runCommand> {
    const main = join(folder, "npx/node_modules/agentwerk/dist/main.js");
    const { PATH = "", HOME = "" } = process.env;
    return runCommand(node, [main, ...argv], {
      cwd,
      env: { PATH, HOME, OPENAI_BASE_URL: simulator.baseUrl },
    });
  }

  test("the steps that init names lead from an empty folder to a ticket that is done", async () => {
    mkdirSync(cwd);
    const initialised = await agentwerk("init", "--yes");
    expect(initialised).toMatchObject({ code: 0, stderr: "" });
    const packages = ["agentwerk", "@agentwerk/openai", "@agentwerk/tools-files"];
    expect(initialised.stdout).toContain(`Next:\n  npm install ${packages.join(" ")}\n`);
    expect(await agentwerk("run", "How much is two and two?")).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "agentwerk: OPENAI_BASE_URL is set, but @agentwerk/openai is not installed: npm install @agentwerk/openai\n",
    });

    symlinkSync(join(folder, "installed/node_modules"), join(cwd, "node_modules"), "junction");
    expect(await agentwerk("doctor")).toMatchObject({ code: 0, stderr: "" });
    expect(await agentwerk("run", "How much is two and two?")).toEqual({
      code: 0,
      stdout: "four\n",
      stderr: "",
    });

    expect(await agentwerk("tickets", "create", "How much is two and two?")).toMatchObject({ code: 0 });
    expect(await agentwerk("work", "--until-dry")).toMatchObject({ code: 0, stderr: "" });
    expect((await agentwerk("tickets", "list", "status = done")).stdout).toMatch(/\nTICKET-1 +done /);
    expect((await agentwerk("tickets", "show", "1")).stdout).toContain("four");
    expect((await agentwerk("stats")).stdout).toMatch(/\nassistant +1 /);
  });
});
