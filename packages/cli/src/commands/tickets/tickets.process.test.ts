import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CliBench, cliBench } from "../../testing/cli-bench.ts";
import { simulatedProjects } from "../../testing/simulated-projects.ts";

const config = `
import { defineTool } from "@agentwerk/core";
import { defineConfig } from "agentwerk";

const pay = defineTool({
  name: "pay",
  description: "Pays.",
  input: { type: "object", properties: { amount: { type: "number" } }, required: ["amount"] },
  approval: "always",
  run: ({ amount }) => \`paid \${amount}\`,
});

export default defineConfig({
  agents: [
    { name: "payer", labels: ["pay"], role: "You pay.", tools: [pay], policy: { maxSchemaRetries: 0 } },
    { name: "asker", labels: ["ask"], role: "You ask.", tools: ["ask_human", pay] },
  ],
});
`;

const projects = simulatedProjects();

function project(): CliBench {
  return projects.project({ "agentwerk.config.ts": config });
}

describe("tickets", () => {
  test("create files a ticket with all that it is told, without a key and without a model", async () => {
    using bench = cliBench({ files: { "agentwerk.config.ts": config, "schema.json": '{"type":"object"}' } });
    const first = await bench.run(["tickets", "create", "Pay", "the bill", "-l", "pay"]);
    expect(first).toEqual({ code: 0, stdout: "TICKET-1\n", stderr: "" });
    const options = [
      "-l",
      "a,pay",
      "-p",
      "5",
      "--blocked-by",
      "1",
      "--var",
      "who=Ann",
      "--schema",
      "schema.json",
    ];
    const made = await bench.json(
      ["tickets", "create", "-", "--json", "--idempotency-key", "k", ...options],
      { stdin: "Pay {who}.\n" },
    );
    expect(made).toMatchObject({
      key: "TICKET-2",
      task: "Pay {who}.",
      labels: ["a", "pay"],
      priority: 5,
      blockedBy: ["TICKET-1"],
      blocked: true,
      schema: { type: "object" },
      templateVariables: { who: "Ann" },
      reporter: expect.any(String),
    });
    expect(
      await bench.json(["tickets", "create", "again", "--json", "--idempotency-key", "k"]),
    ).toMatchObject({ key: "TICKET-2" });
    const limits = ["--max-input-tokens", "1000", "--max-cost", "0.5", "--on-blocker-failed", "fail"];
    expect(await bench.json(["tickets", "create", "limited", "--json", ...limits])).toMatchObject({
      envelopes: [{ key: "TICKET-3", maxInputTokens: 1000, maxCost: 0.5 }],
      onBlockerFailed: "fail",
    });
    expect(
      await bench.run(["tickets", "create", "x", "--blocked-by", "1", "--blocked-by", "99"]),
    ).toMatchObject({
      code: 1,
      stderr:
        "agentwerk: --blocked-by names TICKET-99, which is not in this store. Check the key; it may have been pruned.\n",
    });
    expect((await bench.run(["tickets", "create", "x", "--parent", "99"])).stderr).toMatch(
      /^agentwerk: --parent names TICKET-99, /,
    );
    const lost = await bench.run(["tickets", "create", "lost", "-l", "nobody"]);
    expect(lost).toMatchObject({ code: 0, stdout: "TICKET-4\n" });
    expect(lost.stderr).toMatch(
      /^agentwerk: No agent here takes the label nobody of TICKET-4; the agents are payer \(pay\); asker \(ask\)\.\n$/,
    );
    expect(await bench.json(["tickets", "create", "--task-json", '{"a":1}', "--json"])).toMatchObject({
      task: { a: 1 },
    });
  });

  test("list finds by query, status and label, the newest first, and show tells one", async () => {
    using bench = project();
    await bench.run(["tickets", "create", "Über 漢字 \u001b[31mred", "-l", "pay"]);
    await bench.run(["tickets", "create", "second", "-p", "3"]);
    const { stdout } = await bench.run(["tickets", "list"]);
    expect(stdout.split("\n").slice(0, 3)).toEqual([
      expect.stringMatching(/^key +status +labels +agent +filed +task$/),
      expect.stringMatching(/^TICKET-2 {2}todo .* second$/),
      expect.stringMatching(/^TICKET-1 {2}todo {4}pay .* Über 漢字 red$/),
    ]);
    const keys = async (argv: readonly string[]): Promise<unknown> =>
      bench.json(["tickets", "list", "--json", ...argv]);
    expect(await keys(["priority", ">", "1"])).toMatchObject([{ key: "TICKET-2" }]);
    expect(await keys(["pay OR priority > 1 ORDER BY key LIMIT 1"])).toMatchObject([{ key: "TICKET-1" }]);
    expect(await keys(["-l", "pay", "--status", "todo"])).toMatchObject([{ key: "TICKET-1" }]);
    expect(await keys(["--status", "done"])).toEqual([]);
    expect((await bench.run(["tickets", "reply", "1", "By Friday."])).stdout).toBe(
      "TICKET-1 has the reply, and is todo.\n",
    );
    const shown = await bench.run(["tickets", "show", "ticket-1"]);
    expect(shown.stdout).toMatch(
      /^TICKET-1\nstatus {4}todo\nwhy {7}TICKET-1 is ready and waits for a free agent\.\n/,
    );
    expect(shown.stdout).toContain("Task\n  Über 漢字 red\n");
  });

  test("a wrong query points at its column with 2, a ticket that is not there is 1", async () => {
    using bench = project();
    const query = await bench.run(["tickets", "list", "status ="]);
    expect(query.code).toBe(2);
    expect(query.stderr).toMatch(/^agentwerk: .*column 9.*\n$/);
    expect(await bench.run(["tickets", "show", "99"])).toEqual({
      code: 1,
      stdout: "",
      stderr: "agentwerk: There is no ticket TICKET-99.\n",
    });
    expect(await bench.run(["tickets", "watch", "99"])).toEqual({
      code: 1,
      stdout: "",
      stderr: "agentwerk: There is no ticket TICKET-99.\n",
    });
    const status = await bench.run(["tickets", "list", "--status", "open"]);
    expect(status.code).toBe(2);
    expect(status.stderr).toContain(
      "Allowed choices are todo, in_progress, waiting, done, failed, cancelled;",
    );
  });

  test("a call is decided by its id, with other arguments, and only once", async () => {
    using bench = project();
    await bench.run(["tickets", "create", 'call pay {"amount": 100}', "-l", "pay"]);
    await bench.run(["tickets", "create", 'call pay {"amount": 7}', "-l", "pay"]);
    expect((await bench.run(["work", "--until-dry"])).code).toBe(3);
    const shown = await bench.run(["tickets", "show", "1"]);
    expect(shown.stdout).toMatch(/Waits with (\S+): pay\n {2}\{\n {4}"amount": 100\n/);
    const unknown = await bench.run(["tickets", "approve", "1", "nope"]);
    expect(unknown.stderr).toMatch(
      /^agentwerk: TICKET-1 waits with no call nope; it waits with \S+ \(pay\)\.\n$/,
    );
    expect(await bench.json(["tickets", "approve", "1", "--input", '{"amount": 3}', "--json"])).toMatchObject(
      { status: "in_progress" },
    );
    const again = await bench.run(["tickets", "approve", "1"]);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("TICKET-1 waits for no approval");
    expect((await bench.run(["tickets", "reject", "2", "--reason", "too little"])).stdout).toBe(
      "TICKET-2 can go on: a running worker takes it, or agentwerk work.\n",
    );
    expect((await bench.run(["work", "--until-dry"])).code).toBe(0);
    expect(await bench.json(["tickets", "show", "1", "--json"])).toMatchObject({ result: "paid 3" });
    expect((await bench.run(["tickets", "show", "1"])).stdout).toMatch(/\n#0 {2}prompt, \d/);
    expect(JSON.stringify(await bench.json(["tickets", "show", "2", "--json"]))).toContain("too little");
  });

  test("a ticket that waits for something else than what it gets says for what, and how to give it", async () => {
    using bench = project();
    await bench.run(["tickets", "create", "ask Which day?", "-l", "ask"]);
    await bench.run(["tickets", "create", 'call pay {"amount": 7}', "-l", "pay"]);
    await bench.run(["work", "--until-dry"]);
    for (const verb of ["approve", "reject"]) {
      expect(await bench.run(["tickets", verb, "1"])).toEqual({
        code: 1,
        stdout: "",
        stderr:
          'agentwerk: TICKET-1 waits for a reply, not for an approval: agentwerk tickets reply TICKET-1 "…"\n',
      });
    }
    const replied = await bench.run(["tickets", "reply", "2", "Is that right?"]);
    expect(replied.code).toBe(0);
    expect(replied.stdout).toMatch(
      /^TICKET-2 has the reply, and still waits for an approval of \S+ \(pay\): agentwerk tickets approve TICKET-2; or reject\.\n$/,
    );
    expect((await bench.run(["tickets", "reply", "1", "Friday"])).stdout).toBe(
      "TICKET-1 can go on: a running worker takes it, or agentwerk work.\n",
    );
  });

  test("a ticket that could go on says so when no agent of the configuration takes it", async () => {
    using bench = project();
    await bench.run(["tickets", "create", "ask Which day?", "-l", "ask"]);
    await bench.run(["tickets", "create", 'call pay {"amount": 7}', "-l", "pay"]);
    await bench.run(["work", "--until-dry"]);
    bench.write({
      "other.json": JSON.stringify({ agents: [{ name: "cook", labels: ["cook"], role: "You cook." }] }),
    });
    const other = ["-c", "other.json"];
    expect((await bench.run(["tickets", "reply", "1", "Friday", ...other])).stdout).toBe(
      "TICKET-1 could go on. No agent here takes the label ask of TICKET-1; the agents are cook (cook).\n",
    );
    expect((await bench.run(["tickets", "approve", "2", ...other])).stdout).toBe(
      "TICKET-2 could go on. No agent here takes the label pay of TICKET-2; the agents are cook (cook).\n",
    );
  });

  test("of several calls that wait, those that were not decided are named", async () => {
    using bench = project();
    const calls = 'calls pay [{"amount": 1}, {"amount": 2}]';
    await bench.run(["tickets", "create", calls, "-l", "pay"]);
    await bench.run(["work", "--until-dry"]);
    const shown = await bench.run(["tickets", "show", "1"]);
    const [first = "", second] = Array.from(shown.stdout.matchAll(/Waits with (\S+): pay/g), ([, id]) => id);
    expect((await bench.run(["tickets", "reply", "1", "Why twice?"])).stdout).toBe(
      `TICKET-1 has the reply, and still waits for an approval of ${first} (pay), ${second} (pay): agentwerk tickets approve TICKET-1 with one of them, or --all; or reject.\n`,
    );
    expect((await bench.run(["tickets", "approve", "1", first])).stdout).toBe(
      `TICKET-1 still waits for an approval of ${second} (pay): agentwerk tickets approve TICKET-1; or reject.\n`,
    );
    expect((await bench.run(["tickets", "approve", "1"])).stdout).toMatch(/^TICKET-1 can go on: /);
  });

  test("filing with a known idempotency key tells that the ticket is there, and whether its task differs", async () => {
    using bench = project();
    const create = (task: string, ...more: readonly string[]) => [
      ...["tickets", "create", task, "-l", "pay", "--idempotency-key", "k", ...more],
    ];
    expect(await bench.run(create("first"))).toEqual({ code: 0, stdout: "TICKET-1\n", stderr: "" });
    expect(await bench.run(create("first"))).toEqual({
      code: 0,
      stdout: "TICKET-1\n",
      stderr: "agentwerk: TICKET-1 has this idempotency key already; nothing was filed.\n",
    });
    const other = await bench.run(create("second", "--json"));
    expect(JSON.parse(other.stdout)).toMatchObject({ key: "TICKET-1", task: "first", isNew: false });
    expect(other.stderr).toBe(
      "agentwerk: TICKET-1 has this idempotency key already, with another task; nothing was filed. agentwerk tickets show TICKET-1 shows it.\n",
    );
    await bench.run(["work", "--until-dry"]);
    const waited = await bench.run(create("second", "--wait"));
    expect(waited).toMatchObject({
      code: 0,
      stdout: "first\n",
      stderr: expect.stringContaining("another task"),
    });
    expect(await bench.json(["tickets", "create", "third", "--json"])).toMatchObject({ isNew: true });
  });

  test("cancel and retry take keys, and queries only with --yes where nobody can be asked", async () => {
    using bench = project();
    bench.write({
      "impossible.json": '{"type":"object","properties":{"a":{"type":"number"}},"required":["a"]}',
    });
    await bench.run(["tickets", "create", "fails", "-l", "pay", "--schema", "impossible.json"]);
    expect((await bench.run(["work", "--until-dry"])).code).toBe(1);
    const retried = await bench.run(["tickets", "retry", "TICKET-1", "--note", "Give a number."]);
    expect(retried.stdout).toBe("1 ticket put back.\n");
    await bench.run(["work", "--until-dry"]);
    await bench.run(["tickets", "retry", "1", "--model", "openai:another"]);
    await bench.run(["work", "--until-dry"]);
    expect(projects.simulator.requests.at(-1)?.conversation?.model).toBe("another");
    await bench.run(["tickets", "retry", "1"]);
    expect(await bench.run(["tickets", "cancel", "pay"])).toEqual({
      code: 2,
      stdout: "",
      stderr: "agentwerk: Cancel 1 ticket? Nobody is there to ask; say so with --yes.\n",
    });
    expect(
      await bench.json(["tickets", "cancel", "pay", "--yes", "--json", "--reason", "enough"]),
    ).toMatchObject([{ status: "cancelled" }]);
    const final = await bench.run(["tickets", "cancel", "TICKET-1"]);
    expect(final.code).toBe(1);
    expect(final.stderr).toContain("cancelled");
  });

  test("explain says why each open ticket does not move", async () => {
    using bench = project();
    await bench.run(["tickets", "create", "one", "-l", "nobody"]);
    await bench.run(["tickets", "create", "two", "-l", "pay", "--not-before", "2h"]);
    const { stdout } = await bench.run(["tickets", "explain"]);
    expect(stdout).toMatch(
      /^No agent here takes the label nobody of TICKET-1; .*\nTICKET-2 is not to be started before .*\n$/,
    );
    expect(await bench.json(["tickets", "explain", "2", "--json"])).toMatchObject({ reason: "not_before" });
  });

  test("export writes lines of JSON with conversations, prune removes what is finished", async () => {
    using bench = project();
    await bench.run(["tickets", "create", "one", "-l", "pay"]);
    await bench.run(["work", "--until-dry"]);
    await bench.run(["tickets", "create", "two", "-l", "pay"]);
    const { stdout } = await bench.run(["tickets", "export"]);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).task),
    ).toEqual(["one", "two"]);
    await bench.run(["tickets", "export", "status = done", "--replies", "-o", "done.jsonl"]);
    const exported = JSON.parse(await readFile(join(bench.folder, "done.jsonl"), "utf8"));
    expect(exported.conversation.length).toBeGreaterThan(1);
    expect(await bench.json(["tickets", "prune", "pay", "--dry-run", "--json"])).toEqual({ matching: 1 });
    expect((await bench.run(["tickets", "prune", "pay"])).code).toBe(2);
    expect(await bench.json(["tickets", "prune", "pay", "--yes", "--json"])).toEqual({ removed: 1 });
    expect(await bench.json(["tickets", "list", "--json"])).toMatchObject([{ task: "two" }]);
  });

  test("watch shows what another process does, and create --wait waits for its result", async () => {
    using bench = project();
    const watch = bench.start(["tickets", "watch", "--after", "0", "--json"]);
    const waiting = bench.start(["tickets", "create", "hello", "-l", "pay", "--wait"]);
    await watch.shows('"ticket_created"');
    await bench.run(["work", "--until-dry"]);
    expect(await waiting.ended).toMatchObject({ code: 0, stdout: "hello\n" });
    await watch.shows('"ticket_done"');
    watch.child.kill("SIGINT");
    const { code, stdout } = await watch.ended;
    expect(code).toBe(130);
    const types = stdout
      .trimEnd()
      .split("\n")
      .map((line): string => JSON.parse(line).type);
    expect(types.indexOf("ticket_done")).toBeGreaterThan(types.indexOf("ticket_started"));
  });

  test("a reader that goes away ends watch with the next event, without a word", async () => {
    using bench = project();
    const { child, ended, shows } = bench.start(["tickets", "watch", "--after", "0"]);
    await bench.run(["tickets", "create", "one"]);
    await shows("TICKET-1");
    child.stdout?.destroy();
    await bench.run(["tickets", "create", "two"]);
    expect(await ended).toMatchObject({ code: 1, stderr: "" });
  });

  test("a reader that goes away ends an export without a word", async () => {
    using bench = project();
    const tasks = Array.from({ length: 3 }, (_, index) => `task ${index} ${"x".repeat(60_000)}`);
    for (const task of tasks) await bench.run(["tickets", "create", "-"], { stdin: task });
    const { child, ended, shows } = bench.start(["tickets", "export"]);
    await shows("TICKET-1");
    child.stdout?.destroy();
    const { code, stderr } = await ended;
    expect({ stderr, known: code === 0 || code === 1 }).toEqual({ stderr: "", known: true });
  });
});
