import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import { TicketSystem } from "../system/ticket-system.ts";
import { calls, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { defineTool } from "../tool/define-tool.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "agentwerk-locked-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

it("a run that ends because its store stayed locked gives its tickets back, and no crash is counted", async () => {
  const path = join(dir, "tickets.db");
  const other = new DatabaseSync(path);
  const unlock = (): void => {
    if (other.isTransaction) other.exec("ROLLBACK");
  };
  const file = sqliteStore({ path, busyTimeoutMs: 200 });
  // Free again once the commit of the result was given up, in time for giving the ticket back.
  const store: TicketStore = {
    ...file,
    commit: (...step) =>
      file.commit(...step).catch((error: unknown) => {
        setTimeout(unlock, 20);
        throw error;
      }),
  };
  const pay = defineTool({
    name: "pay",
    description: "Pays, and somebody locks the file.",
    input: { type: "object", properties: {} },
    run: () => {
      other.exec("BEGIN IMMEDIATE");
      return "paid";
    },
  });
  const script = scriptedProvider([calls(["pay", {}]), { hangs: true }, writesResult("done")]);
  await using tickets = new TicketSystem({ store });
  tickets.agent({ model: script.model, role: "You work.", tools: [pay] });
  const handle = await tickets.task("work");

  await expect(tickets.runDry()).rejects.toMatchObject({ code: "store_busy" });
  expect(await handle.get()).toMatchObject({ status: "in_progress", crashes: 0 });
  expect((await handle.get()).lease).toBeUndefined();

  expect(await tickets.runDry()).toMatchObject({ reason: "drained", all: ["done"] });
  expect(await handle.get()).toMatchObject({ attempt: 1, crashes: 0, work: { steps: 2 } });
  expect(JSON.stringify(script.requests.at(-1)?.messages)).toContain("effect is unknown");
  const started = await tickets.eventLog({ types: ["ticket_started", "ticket_released", "ticket_resumed"] });
  expect(started.map(({ type }) => type)).toEqual(["ticket_started", "ticket_released", "ticket_resumed"]);
  other.close();
});
