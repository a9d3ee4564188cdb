import { existsSync } from "node:fs";
import { join } from "node:path";
import { sqliteStore } from "@agentwerk/core/sqlite";
import { startSimulator } from "@agentwerk/llm-simulator";
import { describe, expect, test } from "vitest";
import { startTestServer } from "../../../../stores/postgres/src/testing/test-server.ts";
import { cliBench } from "../../testing/cli-bench.ts";
import { obedientModel } from "../../testing/simulated-agents.ts";

const agents = [{ name: "a", role: "You work." }];

describe("store", () => {
  test("status counts what is there, and makes nothing where there is nothing", async () => {
    using bench = cliBench({ files: { "agentwerk.config.json": JSON.stringify({ agents }) } });
    const { stdout: empty } = await bench.run(["store", "status"]);
    expect(empty).toBe("engine  SQLite in .agentwerk\nfile    none yet; the first ticket makes it\n");
    expect(existsSync(join(bench.folder, ".agentwerk"))).toBe(false);
    await bench.run(["tickets", "create", "hello"]);
    const { stdout } = await bench.run(["store", "status"]);
    expect(stdout).toMatch(
      /^engine +SQLite in \.agentwerk\nfile +\S+tickets\.db\nbytes +[\d,]+\ntodo +1\nin_progress +0\nheld +0\n/,
    );
    expect(await bench.json(["store", "status", "--json"])).toMatchObject({ tickets: { todo: 1, done: 0 } });
  });

  test("copy writes a store that can be opened, and only where nothing is", async () => {
    using bench = cliBench({ files: { "agentwerk.config.json": JSON.stringify({ agents }) } });
    await bench.run(["tickets", "create", "hello"]);
    expect((await bench.run(["store", "copy", "backup"])).stdout).toMatch(
      /^✓ .*backup\/tickets\.db, namespace default: 1 ticket, 0 messages, 1 event\n$/,
    );
    bench.write({ "copy.json": JSON.stringify({ dir: "backup", agents }) });
    expect(await bench.json(["tickets", "list", "--json", "-c", "copy.json"])).toMatchObject([
      { key: "TICKET-1", task: "hello" },
    ]);
    expect(await bench.run(["store", "copy", "backup"])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /The namespace default of \S+tickets\.db is not empty\. Nothing was written; copy to another place or into another namespace\. --as <name> names another namespace\.\n$/,
      ),
    });
    const { stdout } = await bench.run(["store", "copy", "backup", "--as", "second"]);
    expect(stdout).toMatch(/backup\/tickets\.db, namespace second: 1 ticket, 0 messages, 1 event\n$/);
    expect((await bench.run(["store", "copy", ".agentwerk", "--as", "spare"])).code).toBe(0);
    expect(await bench.json(["store", "copy", "backup", "--as", "third", "--json"])).toMatchObject({
      namespace: "default",
      toNamespace: "third",
      tickets: 1,
    });
    bench.write({ "second.json": JSON.stringify({ dir: "backup", namespace: "second", agents }) });
    expect(await bench.json(["tickets", "list", "--json", "-c", "second.json"])).toMatchObject([
      { key: "TICKET-1", task: "hello" },
    ]);
  });

  test.each([
    [
      "package.json",
      /^agentwerk: package\.json is a file; name a folder, for tickets\.db in it, or the URL of a PostgreSQL database\.\n$/,
    ],
    [
      "package.json/deep/er",
      /^agentwerk: package\.json\/deep\/er cannot be made: \S+\/package\.json is a file; name a folder,/,
    ],
    [
      "backup/monday.sqlite",
      /^agentwerk: backup\/monday\.sqlite looks like a file, and a copy is a folder with tickets\.db in it: agentwerk store copy backup\/monday\. A folder of that very name ends in \/\.\n$/,
    ],
  ])("a copy to %s is refused with what is wanted", async (target, message) => {
    using bench = cliBench({ files: { "agentwerk.config.json": JSON.stringify({ agents }) } });
    await bench.run(["tickets", "create", "hello"]);
    const { code, stderr } = await bench.run(["store", "copy", target]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(existsSync(join(bench.folder, "backup"))).toBe(false);
  });

  test("a copy's folder is also named by the file in it, and may end as files do where it is there or ends in a slash", async () => {
    using bench = cliBench({ files: { "agentwerk.config.json": JSON.stringify({ agents }) } });
    await bench.run(["tickets", "create", "hello"]);
    for (const [target, folder, namespace] of [
      ["backup/tickets.db", "backup", "default"],
      ["backup/tickets.db", "backup", "second"],
      ["monday.db/", "monday.db", "default"],
      ["monday.db", "monday.db", "second"],
    ] as const) {
      const to = join(bench.folder, folder, "tickets.db");
      const copied = await bench.json(["store", "copy", target, "--as", namespace, "--json"]);
      expect(copied).toMatchObject({ to, tickets: 1 });
    }
  });

  test("a held ticket refuses a copy, is waited for, or goes on in a backup; an interrupt leaves nothing", async () => {
    using bench = cliBench({ files: { "agentwerk.config.json": JSON.stringify({ agents }) } });
    await bench.run(["tickets", "create", "hello"]);
    const store = sqliteStore({ path: join(bench.folder, ".agentwerk/tickets.db") });
    const wants = [{ agent: "a", labels: [], limit: 1 }];
    const [claim] = await store.claim({ worker: "somebody", leaseMs: 600_000, wants });
    if (claim === undefined) throw new Error("There was nothing to claim.");
    expect(await bench.run(["store", "copy", "refused"])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/TICKET-1 by somebody\. .*--wait .*--live/),
    });
    expect(existsSync(join(bench.folder, "refused"))).toBe(false);
    expect(await bench.run(["store", "copy", "refused", "--wait", "1ms"])).toMatchObject({ code: 1 });
    expect(await bench.run(["store", "copy", "live", "--live"])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("Workers held 1 ticket: in the copy"),
    });

    const interrupted = bench.start(["store", "copy", "interrupted", "--wait", "10m"]);
    const waited = bench.start(["store", "copy", "waited", "--wait", "10m", "--json"]);
    const waits = ({ child, ended }: typeof waited): Promise<void> =>
      new Promise((resolve, reject) => {
        child.stderr?.on("data", (text) => void (String(text).includes("Waiting for 1 ticket") && resolve()));
        void ended.then((end) => reject(new Error(`It did not wait: ${JSON.stringify(end)}`)));
      });
    await Promise.all([waits(interrupted), waits(waited)]);
    interrupted.child.kill("SIGINT");
    expect(await interrupted.ended).toMatchObject({
      code: 130,
      stderr: expect.stringContaining("Nothing was copied."),
    });
    expect(existsSync(join(bench.folder, "interrupted"))).toBe(false);
    await store.release(claim.lease);
    await store.close();
    const { code, stdout } = await waited.ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      namespace: "default",
      tickets: 1,
      held: 0,
      hasMovedOn: false,
    });
  });

  test("what does not fit the engine is refused with what to do", async () => {
    using bench = cliBench({ files: { "agentwerk.config.json": JSON.stringify({ agents }) } });
    expect(await bench.run(["store", "migrate"])).toMatchObject({
      code: 2,
      stderr:
        "agentwerk: SQLite in .agentwerk needs no migration by hand: what it needs is done when it is opened.\n",
    });
    expect(await bench.run(["store", "copy", "backup"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("There is no store at"),
    });
    expect(existsSync(join(bench.folder, "backup"))).toBe(false);
    expect(await bench.run(["store", "copy", "mysql://ann:secret@db.internal/queue"])).toMatchObject({
      code: 2,
      stderr:
        "agentwerk: mysql://…@db.internal/queue is neither a folder nor the URL of a PostgreSQL database.\n",
    });
  });

  test("PostgreSQL is used by its URL alone: migrated, worked by two processes, and told without its password", async () => {
    const server = await startTestServer();
    await using simulator = await startSimulator({ respond: obedientModel });
    try {
      const DATABASE_URL = (await server.createDatabase()).replace("//postgres@", "//postgres:secret@");
      using bench = cliBench({
        baseUrl: simulator.baseUrl,
        // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a configuration names variables.
        files: { "agentwerk.config.json": JSON.stringify({ agents, store: "${DATABASE_URL}" }) },
      });
      const settings = { env: { DATABASE_URL } };
      const empty = await bench.run(["store", "status"], settings);
      expect(empty.stdout).toMatch(
        /^engine +postgres:\/\/…@127\.0\.0\.1:\d+\/\S+\nserver +\d+.*\nschema +none yet; agentwerk store migrate makes it\n/,
      );
      expect(await bench.json(["store", "migrate", "--json"], settings)).toMatchObject({ before: 0 });
      for (const task of ["one", "two"]) await bench.json(["tickets", "create", task, "--json"], settings);
      for (const isNew of [true, false]) {
        const three = ["tickets", "create", "three", "--idempotency-key", "k", "--json"];
        expect(await bench.json(three, settings)).toMatchObject({ key: "TICKET-3", isNew });
      }
      const workers = await Promise.all([
        bench.run(["work", "--until-dry"], settings),
        bench.run(["work", "--until-dry"], settings),
      ]);
      expect(workers.map(({ code }) => code)).toEqual([0, 0]);
      expect(await bench.json(["store", "status", "--json"], settings)).toMatchObject({
        tickets: { done: 3, todo: 0 },
        postgres: { namespaces: [{ name: "default", tickets: 3 }] },
      });
      expect(simulator.requestCount).toBe(3);

      const copied = await bench.run(["store", "copy", "back"], settings);
      expect(copied).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/back\/tickets\.db, namespace default: 3 tickets, /),
      });
      bench.write({ "back.json": JSON.stringify({ dir: "back", agents }) });
      const results = await bench.json(["tickets", "list", "--json", "-c", "back.json"]);
      expect(results).toMatchObject([{ status: "done" }, { status: "done" }, { status: "done" }]);
      const there = (await server.createDatabase()).replace("//postgres@", "//postgres:secret@");
      const moved = await bench.json(["store", "copy", there, "--json", "-c", "back.json"]);
      expect(moved).toMatchObject({ tickets: 3, to: expect.stringMatching(/^postgres:\/\/…@127/) });
      const again = await bench.run(["store", "copy", there, "-c", "back.json"]);
      expect(again.code).toBe(1);
      expect(again.stderr).toMatch(/not empty|empty/);
      expect(again.stderr).toContain("--as <name>");
      expect(again.stderr).not.toContain("secret");
      const beside = ["store", "copy", there, "--as", "second", "--json", "-c", "back.json"];
      expect(await bench.json(beside)).toMatchObject({ tickets: 3, toNamespace: "second" });
      expect(JSON.stringify(await bench.run(["doctor"], settings))).not.toContain("secret");
    } finally {
      await server.close();
    }
  }, 180_000);
});
