import { chmodSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { sqliteStore } from "@agentwerk/core/sqlite";
import { expect, test } from "vitest";
import { type CliBench, cliBench } from "../../testing/cli-bench.ts";

const asStranger = true;
const agents = [{ name: "a", role: "You work." }];

/** A project with one ticket, in which nobody may write any more. */
async function closedProject(): Promise<CliBench> {
  const bench = cliBench({ files: { "agentwerk.config.json": JSON.stringify({ agents }) } });
  await bench.json(["tickets", "create", "hello", "--json"]);
  setRights(bench, { file: 0o444, folder: 0o555 });
  return bench;
}

function setRights({ folder }: CliBench, rights: { readonly file: number; readonly folder: number }): void {
  const data = join(folder, ".agentwerk");
  chmodSync(data, 0o755);
  for (const name of readdirSync(data)) chmodSync(join(data, name), rights.file);
  chmodSync(data, rights.folder);
  chmodSync(folder, 0o755);
}

test("whoever may not write to a SQLite store looks at it with every command that only looks", async () => {
  using bench = await closedProject();
  const looks = [
    ["tickets", "list"],
    ["tickets", "show", "1"],
    ["tickets", "explain"],
    ["tickets", "export"],
    ["tickets", "prune", "status = done", "--dry-run"],
    ["stats"],
    ["store", "status"],
    ["__complete", "--", "tickets", "show", ""],
  ];
  for (const argv of looks) {
    const { code, stdout, stderr } = await bench.run(argv, { asStranger });
    expect({ argv, code, stderr }).toEqual({ argv, code: 0, stderr: "" });
    expect(stdout, argv.join(" ")).toMatch(/TICKET-1|todo +1|^tickets +1: |^0 tickets would be removed/);
  }
  expect(readdirSync(join(bench.folder, ".agentwerk")).sort()).toEqual(["tickets.db", "tickets.jsonl"]);
});

test("commands that write are refused there, and say why", async () => {
  using bench = await closedProject();
  const writes = [
    ["tickets", "create", "more"],
    ["tickets", "cancel", "1"],
    ["tickets", "prune", "status = done", "--yes"],
  ];
  for (const argv of writes) {
    const { code, stdout, stderr } = await bench.run(argv, { asStranger });
    expect({ argv, code, stdout }).toEqual({ argv, code: 1, stdout: "" });
    expect(stderr).toMatch(
      /^agentwerk: \S+tickets\.db cannot be used: .*permission denied.* can be written .*\n$/,
    );
  }
});

test("its tickets are served to MCP clients that only read", async () => {
  using bench = await closedProject();
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } };
  const stdin = [
    { id: 1, method: "initialize", params },
    { method: "notifications/initialized" },
    { id: 2, method: "tools/call", params: { name: "ticket_list", arguments: {} } },
  ]
    .map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
    .join("");
  const { code, stdout } = await bench.run(["mcp", "serve", "--profile", "read"], { asStranger, stdin });
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("TICKET-1 todo: hello") });
  expect(await bench.run(["mcp", "serve"], { asStranger, stdin })).toMatchObject({ code: 1, stdout: "" });
});

test("a file that one may not write to is watched while others write to it", async () => {
  using bench = await closedProject();
  setRights(bench, { file: 0o644, folder: 0o755 });
  const store = sqliteStore({ path: join(bench.folder, ".agentwerk/tickets.db") });
  await store.insert([{ task: "second" }]);
  setRights(bench, { file: 0o444, folder: 0o555 });
  const watch = bench.start(["tickets", "watch", "--after", "0"], { asStranger });
  await watch.shows("TICKET-2");
  await store.insert([{ task: "third" }]);
  await watch.shows("TICKET-3");
  watch.child.kill("SIGINT");
  expect(await watch.ended).toMatchObject({ code: 130, stderr: "" });
  await store.close();
});

test("a namespace that is not there, and a folder that is not, are told as what they are", async () => {
  using bench = await closedProject();
  bench.write({
    "team.json": JSON.stringify({ agents, namespace: "team" }),
    "none.json": JSON.stringify({ agents, dir: "none" }),
  });
  const [team, none] = [await list(bench, "team.json"), await list(bench, "none.json")];
  expect(team.stderr).toMatch(/^agentwerk: \S+tickets\.db has no namespace team, and is open to read only\./);
  expect(none.stderr).toMatch(/^agentwerk: The folder \S+none cannot be made: /);
});

function list(bench: CliBench, config: string): ReturnType<CliBench["run"]> {
  return bench.run(["tickets", "list", "-c", config], { asStranger });
}
