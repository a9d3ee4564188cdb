import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStore, type TicketStore } from "@agentwerk/core";
import { sqliteArchive, sqliteStore } from "@agentwerk/core/sqlite";
import { copyArchive } from "@agentwerk/core/store-kit";
import { fakeClock } from "@agentwerk/core/testing";
import fc from "fast-check";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  ScriptPlayer,
  type ScriptStep,
  scriptActions,
} from "../../../core/src/testing/store/store-script.ts";
import { openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";
import { postgresArchive } from "./postgres-archive.ts";
import { resolveOptions } from "./postgres-options.ts";
import { openStore } from "./postgres-store.ts";
import { clockedPool, obeyClock } from "./testing/clocked-pool.ts";
import { lookAt, recordsOf } from "./testing/look-at-store.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

const schema = "moved";
const clock = fakeClock();
let server: TestServer;
let pool: pg.Pool;
let dir: string;
let runs = 0;

beforeAll(async () => {
  server = await startTestServer();
  dir = mkdtempSync(join(tmpdir(), "agentwerk-copy-"));
  pool = clockedPool(server.url(), clock);
  await migrate(openDatabase(resolveOptions(pool, { schema })));
  await obeyClock(pool, schema);
}, 120_000);
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await pool.end();
  await server.close();
}, 60_000);

const scripts: fc.Arbitrary<ScriptStep[]> = fc.array(
  fc.record({ action: fc.constantFrom(...scriptActions), target: fc.nat(60), variant: fc.nat(840) }),
  { minLength: 5, maxLength: 60, size: "max" },
);

/** A store that can be changed for another one in the middle of a script. */
function relay(first: TicketStore): { readonly store: TicketStore; turnTo(next: TicketStore): void } {
  let current = first;
  return {
    store: new Proxy(first, { get: (_, name): unknown => Reflect.get(current, name) }),
    turnTo(next) {
      current = next;
    },
  };
}

/** Plays each step on all of them, and compares what they answer. */
async function playAll(players: readonly ScriptPlayer[], script: readonly ScriptStep[]): Promise<void> {
  for (const [place, step] of script.entries()) {
    if (step.action === "pass") clock.advance(step.variant % 60);
    const answers: unknown[] = [];
    for (const player of players) answers.push(await player.play(step));
    for (const answer of answers) expect(answer, `step ${place}, ${step.action}`).toEqual(answers[0]);
  }
}

test("after any history, copies to PostgreSQL and back hold the same and do the same from then on", async () => {
  await fc.assert(
    fc.asyncProperty(scripts, scripts, async (history, future) => {
      runs += 1;
      const namespace = `run ${runs}`;
      const [path, pathBack] = [join(dir, `${runs}.db`), join(dir, `${runs} back.db`)];
      const source = sqliteStore({ path, namespace, durability: "process", clock });
      // Those who go on with the copies have to know the leases: they play the history on stores that are left behind.
      const relays = [relay(source), relay(memoryStore({ clock })), relay(memoryStore({ clock }))] as const;
      const players = relays.map(({ store }) => new ScriptPlayer(store, () => clock.now()));
      await playAll(players, history);
      await source.enterBudget("run", 50);
      const before = await lookAt(source);

      const places = [
        sqliteArchive({ path, namespace, clock }),
        postgresArchive(pool, { schema, namespace }),
        sqliteArchive({ path: pathBack, namespace, clock }),
      ] as const;
      await copyArchive(places[0], places[1], { held: "copy" });
      await copyArchive(places[1], places[2], { held: "copy" });
      const [first, second, third] = await Promise.all(places.map(recordsOf));
      expect(second).toEqual(first);
      expect(third).toEqual(first);

      const middle = openStore(resolveOptions(pool, { schema, namespace, clock }), {
        now: () => clock.now(),
        learn: () => undefined,
      });
      const back = sqliteStore({ path: pathBack, namespace, durability: "process", clock });
      try {
        expect(await lookAt(middle)).toEqual(before);
        expect(await lookAt(back)).toEqual(before);
        relays[1].turnTo(middle);
        relays[2].turnTo(back);
        await playAll(players, future);
        const after = await lookAt(source);
        expect(await lookAt(middle)).toEqual(after);
        expect(await lookAt(back)).toEqual(after);
      } finally {
        for (const store of [source, middle, back]) await store.close();
      }
    }),
    { numRuns: 25, endOnFailure: true, interruptAfterTimeLimit: 60_000 },
  );
}, 180_000);
