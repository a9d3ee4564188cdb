import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startSimulator } from "@agentwerk/llm-simulator";
import { describe, expect, test } from "vitest";
import { type CliBench, cliBench, sourceFlags } from "../../testing/cli-bench.ts";
import { obedientModel } from "../../testing/simulated-agents.ts";
import { simulatedProjects } from "../../testing/simulated-projects.ts";

const config = JSON.stringify({
  agents: [
    { name: "worker", labels: ["work"], role: "You work.", concurrency: 2 },
    { name: "asker", labels: ["ask"], role: "You ask.", tools: ["ask_human"] },
  ],
});

const projects = simulatedProjects();

function project(baseUrl: string = projects.simulator.baseUrl): CliBench {
  return cliBench({ baseUrl, files: { "agentwerk.config.json": config } });
}

/** One command files many: the process that files is not what is tested here. */
async function file(bench: CliBench, tasks: readonly string[], label = "work"): Promise<void> {
  bench.write({
    "file.mjs": `
      import { TicketSystem } from "@agentwerk/core";
      await using tickets = new TicketSystem({ dir: ".agentwerk" });
      await tickets.tasks(${JSON.stringify(tasks)}.map((task) => ({ task, labels: ["${label}"] })));`,
  });
  await promisify(execFile)(process.execPath, [...sourceFlags, "file.mjs"], { cwd: bench.folder });
}

describe("work", () => {
  test("--until-dry works what is there and tells each ticket in a plain line", async () => {
    using bench = project();
    await file(bench, ["one", "two"]);
    const { code, stdout, stderr } = await bench.run(["work", "--until-dry"], {
      env: { TERM: "xterm-256color" },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("Working as worker, asker.\n");
    expect(stdout).toMatch(/▸ TICKET-1 +started {2}worker\n/);
    expect(stdout).toMatch(/✓ TICKET-2 +done {2}worker\n/);
    expect(stdout).toMatch(/2 tickets done, 0 failed: the queue is dry\n$/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is what is tested.
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  test("FORCE_COLOR paints a pipe, NO_COLOR does not even paint what asks for it", async () => {
    using bench = project();
    const painted = await bench.run(["work", "--until-dry"], { env: { FORCE_COLOR: "1" } });
    expect(painted.stdout).toContain("\u001b[2mWorking as");
    const plain = await bench.run(["work", "--until-dry"], { env: { NO_COLOR: "1" } });
    expect(plain.stdout).not.toContain("\u001b");
  });

  test("--json prints each event as a line, the end of the run last", async () => {
    using bench = project();
    await file(bench, ["one"]);
    const { code, stdout } = await bench.run(["work", "--until-dry", "--json"]);
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line): { type: string; reason?: string } => JSON.parse(line));
    expect(code).toBe(0);
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["run_started", "ticket_started", "ticket_done"]),
    );
    expect(events.map(({ type }) => type)).not.toContain("text_chunk_received");
    expect(events.at(-1)).toMatchObject({ type: "run_finished", reason: "drained" });
  });

  test("what no agent takes and what waits for a person is left open, with 3 and the reasons", async () => {
    using bench = project();
    await file(bench, ["ask Which train?"], "ask");
    await file(bench, ["lost"], "nobody");
    const { code, stdout, stderr } = await bench.run(["work", "--until-dry"]);
    expect(code).toBe(3);
    expect(stdout).toContain("asks: Which train?");
    expect(stdout).toContain("2 left open: what is left cannot be worked");
    expect(stderr).toContain("TICKET-1 waits for a reply to: Which train?");
    expect(stderr).toContain("No agent here takes the label nobody of TICKET-2");
    await bench.run(["tickets", "reply", "TICKET-1", "The early one."]);
    const second = await bench.run(["work", "--until-dry", "--agent", "asker"]);
    expect(second.stdout).toContain("1 ticket done");
    expect(await bench.json(["tickets", "show", "1", "--json"])).toMatchObject({ result: "The early one." });
  });

  test("a limit ends it with 4", async () => {
    using bench = project();
    await file(bench, ["one", "two"]);
    const { code, stdout, stderr } = await bench.run(["work", "--max-steps", "1"]);
    expect(code).toBe(4);
    expect(stdout).toContain("1 ticket done, 0 failed");
    expect(stderr).toContain("The limit maxSteps of 1 was reached; raise it to go on.");
  });

  test("the first interrupt finishes the turn in hand and keeps the queue", async () => {
    await using slow = await startSimulator({ respond: obedientModel, latencyMs: 700 });
    using bench = project(slow.baseUrl);
    await file(bench, ["one", "two", "three", "four", "five"]);
    const { child, ended } = bench.start(["work", "--concurrency", "1"]);
    await slow.received(1);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(stdout).toContain("Stopping: the turns in hand are finished first.");
    expect(stdout).toContain("1 ticket done, 0 failed: stopped");
    const left = await bench.json(["tickets", "list", "--status", "todo", "--json"]);
    expect(left).toHaveLength(4);
  });

  test("the second interrupt ends at once and gives the ticket back", async () => {
    await using slow = await startSimulator({ respond: obedientModel, latencyMs: 60_000 });
    using bench = project(slow.baseUrl);
    await file(bench, ["one"]);
    const { child, ended, shows } = bench.start(["work"]);
    await slow.received(1);
    child.kill("SIGINT");
    await shows("Once more to stop at once.");
    // Two signals close together count as one: a terminal and npm both pass a Ctrl-C on.
    await new Promise((resolve) => setTimeout(resolve, 400));
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(stdout).toContain("Stopping at once.");
    const [ticket] = await listTickets(bench);
    expect(ticket).toMatchObject({ status: "in_progress" });
    expect(ticket).not.toHaveProperty("lease");
  });

  test("two processes share a store, and each ticket is worked once", async () => {
    await using slow = await startSimulator({ respond: obedientModel, latencyMs: 300 });
    using bench = project(slow.baseUrl);
    const tasks = Array.from({ length: 24 }, (_, index) => `task ${index}`);
    const workers = [bench.start(["work"]), bench.start(["work"])];
    await Promise.all(workers.map(({ shows }) => shows("Working as")));
    await file(bench, tasks);
    await expect.poll(async () => (await listTickets(bench, "done")).length, { timeout: 30_000 }).toBe(24);
    for (const { child } of workers) child.kill("SIGTERM");
    const ended = await Promise.all(workers.map((worker) => worker.ended));
    expect(ended.map(({ code }) => code)).toEqual([143, 143]);
    const started = ended.map(({ stdout }) => stdout.match(/▸ TICKET-\d+/g) ?? []);
    expect(started.flat().sort()).toEqual([...new Set(started.flat())].sort());
    expect(started.flat()).toHaveLength(24);
    expect(Math.min(...started.map(({ length }) => length))).toBeGreaterThan(0);
    expect(slow.requestCount).toBe(24);
  });

  test("an agent that is not there is refused with what was meant", async () => {
    using bench = project();
    const { code, stderr } = await bench.run(["work", "-a", "workr"]);
    expect(code).toBe(2);
    expect(stderr).toBe("agentwerk: There is no agent workr. Did you mean worker?\n");
  });
});

async function listTickets(bench: CliBench, status?: string): Promise<readonly unknown[]> {
  const list = await bench.json([
    "tickets",
    "list",
    "--json",
    ...(status === undefined ? [] : ["--status", status]),
  ]);
  return Array.isArray(list) ? list : [];
}
