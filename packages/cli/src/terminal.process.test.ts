import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Simulator, startSimulator } from "@agentwerk/llm-simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliBench, cliBench } from "./testing/cli-bench.ts";
import { obedientModel } from "./testing/simulated-agents.ts";
import { keys, openSession, type TerminalSession } from "./testing/terminal-bench.ts";

const config = `
import { defineTool } from "@agentwerk/core";
import { defineConfig } from "agentwerk";

const pay = defineTool({
  name: "pay",
  description: "Pays.",
  input: { type: "object", properties: { amount: { type: "number" } } },
  approval: "always",
  run: ({ amount }) => \`paid \${amount}\`,
});

export default defineConfig({
  agents: [{ name: "worker", role: "You work.", tools: ["ask_human", pay], concurrency: 3 }],
});
`;

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ respond: obedientModel });
});

afterAll(() => simulator.close());

function project(baseUrl: string = simulator.baseUrl): CliBench {
  return cliBench({ baseUrl, files: { "agentwerk.config.ts": config } });
}

function open(
  bench: CliBench,
  argv: readonly string[],
  size: { columns?: number; rows?: number } = {},
): TerminalSession {
  return openSession(argv, { cwd: bench.folder, env: bench.environment(), ...size });
}

describe("in a terminal", () => {
  test("run streams the answer, tells tool calls, and ends with what it took", async () => {
    await using slow = await startSimulator({
      respond: () =>
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen",
      tokensPerSecond: 4,
      tokensPerEvent: 1,
    });
    using bench = project(slow.baseUrl);
    using session = open(bench, ["run", "count"]);
    await session.shows(/one two/);
    expect(session.screen()).not.toContain("sixteen");
    expect(await session.ended).toBe(0);
    expect(session.screen()).toMatch(
      /^one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen\n\d+\.\d s, 1 request, \S+ tokens in, \d+ out$/,
    );
  });

  test("run asks the person what the agent asks, and goes on with the answer", async () => {
    using bench = project();
    using session = open(bench, ["run", "ask Which train do you want?"]);
    await session.shows(/◆ +Which train do you want\?/);
    session.press("the early one", keys.enter);
    expect(await session.ended).toBe(0);
    expect(session.history()).toMatch(/\nthe early one\n/);
  });

  test("run asks before a call that needs it, with its arguments", async () => {
    using bench = project();
    using session = open(bench, ["run", 'call pay {"amount": 12}']);
    await session.shows('Run pay with {"amount":12}?');
    session.press("y");
    expect(await session.ended).toBe(0);
    expect(session.history()).toContain("paid 12");
  });

  test("Ctrl-C at a question ends with 130", async () => {
    using bench = project();
    using session = open(bench, ["run", "ask Which?"]);
    await session.shows(/◆ +Which\?/);
    session.press(keys.ctrlC);
    expect(await session.ended).toBe(130);
  });

  test("work shows agents and queue below the lines, follows the size, and leaves a clean screen", async () => {
    await using slow = await startSimulator({ respond: obedientModel, latencyMs: 5_000 });
    using bench = project(slow.baseUrl);
    for (const task of ["first task with a long story about 漢字 and more", "second task", "third task"]) {
      await bench.run(["tickets", "create", task]);
    }
    using session = open(bench, ["work"], { columns: 100, rows: 12 });
    await session.shows("1 agent, 3 working");
    await session.shows(/worker {2}TICKET-2 {2}second task {2}thinks/);
    expect(session.isCursorHidden()).toBe(true);
    session.resize(60, 12);
    await session.shows(/TICKET-1 {2}first task.*…/);
    await session.shows(/✓ TICKET-3/);
    await session.shows("1 agent, idle · 0 todo, 0 in progress");
    const live = session
      .screen()
      .split("\n")
      .filter((line) => /1 agent, /.test(line));
    expect(live).toHaveLength(1);
    session.press(keys.ctrlC);
    expect(await session.ended).toBe(130);
    expect(session.isCursorHidden()).toBe(false);
    expect(session.screen()).not.toContain("1 agent, idle");
    expect(session.screen()).toMatch(/3 tickets done, 0 failed: stopped$/);
  });

  test("the first Ctrl-C finishes the turn in hand, the second ends at once", async () => {
    await using slow = await startSimulator({ respond: obedientModel, latencyMs: 60_000 });
    using bench = project(slow.baseUrl);
    await bench.run(["tickets", "create", "slow"]);
    using session = open(bench, ["work"]);
    await session.shows("1 working");
    session.press(keys.ctrlC);
    await session.shows("Once more to stop at once.");
    // Two signals close together count as one.
    await new Promise((resolve) => setTimeout(resolve, 400));
    session.press(keys.ctrlC);
    expect(await session.ended).toBe(130);
    expect(session.history()).toContain("Stopping at once.");
    expect(session.isCursorHidden()).toBe(false);
  });

  test("a terminal that is closed ends work at once, and the ticket goes back", async () => {
    await using slow = await startSimulator({ respond: obedientModel, latencyMs: 60_000 });
    using bench = project(slow.baseUrl);
    await bench.run(["tickets", "create", "slow"]);
    using session = open(bench, ["work"]);
    await session.shows("1 working");
    session.hangUp();
    expect(await session.ended).toBe(129);
    expect((await bench.run(["tickets", "explain", "1"])).stdout).toContain("ready");
  });

  test("init asks, writes what was chosen, and asks again before it overwrites", async () => {
    using bench = cliBench({ baseUrl: simulator.baseUrl });
    using first = open(bench, ["init"]);
    await first.shows("Which model?");
    expect(first.screen()).toContain("OPENAI_BASE_URL is set");
    first.press(keys.down, keys.down, keys.enter);
    await first.shows("What may the example agent do?");
    first.press(keys.down, keys.down, keys.space, keys.enter);
    await first.shows("Install what is missing of");
    first.press("n");
    expect(await first.ended).toBe(0);
    const written = readFileSync(join(bench.folder, "agentwerk.config.ts"), "utf8");
    expect(written).toContain('model: "openai:gpt-5"');
    expect(readFileSync(join(bench.folder, "agents/assistant.md"), "utf8")).toContain(
      "- bash(git status *, git diff *, git log *)",
    );
    expect(readFileSync(join(bench.folder, ".gitignore"), "utf8")).toBe(".agentwerk/\n");

    bench.write({ "agentwerk.config.ts": "// mine" });
    using second = open(bench, ["init", "--model", "env"]);
    await second.shows("What may the example agent do?");
    second.press(keys.enter);
    await second.shows("Install what is missing of");
    second.press("n");
    await second.shows("agentwerk.config.ts is there already. Overwrite it?");
    second.press("n");
    await second.shows("agents/assistant.md is there already. Overwrite it?");
    second.press("y");
    expect(await second.ended).toBe(0);
    expect(readFileSync(join(bench.folder, "agentwerk.config.ts"), "utf8")).toBe("// mine");
    expect(readFileSync(join(bench.folder, "agents/assistant.md"), "utf8")).not.toContain("bash");
  });

  test("Ctrl-C in the questions of init writes nothing", async () => {
    using bench = cliBench();
    using session = open(bench, ["init"]);
    await session.shows("Which model?");
    session.press(keys.ctrlC);
    expect(await session.ended).toBe(130);
    expect(existsSync(join(bench.folder, "agentwerk.config.ts"))).toBe(false);
  });

  test("a list fits the screen, in colours", async () => {
    using bench = project();
    await bench.run(["tickets", "create", `漢字 ${"very ".repeat(40)}long`]);
    using session = open(bench, ["tickets", "list"], { columns: 60, rows: 10 });
    expect(await session.ended).toBe(0);
    const lines = session.screen().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^TICKET-1 {2}todo .* 漢字 very .*…$/);
  });
});
