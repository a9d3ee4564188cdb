import type { Clock, TicketStore } from "@agentwerk/core";
import type pg from "pg";
import { openDatabase } from "../database.ts";
import { migrate } from "../migrate.ts";
import { resolveOptions } from "../postgres-options.ts";
import { openStore } from "../postgres-store.ts";
import { clockedPool, obeyClock } from "./clocked-pool.ts";

/** Opens stores whose server takes the time from the test. Their pools are the caller's to end. */
export async function openClocked(options: {
  readonly url: string;
  readonly clock: Clock;
  readonly namespace: string;
  readonly pools: pg.Pool[];
}): Promise<TicketStore> {
  const { url, clock, namespace, pools } = options;
  const schema = "moved";
  const pool = clockedPool(url, clock);
  pools.push(pool);
  const resolved = resolveOptions(pool, { clock, namespace, schema });
  await migrate(openDatabase(resolved));
  await obeyClock(pool, schema);
  return openStore(resolved, { now: () => clock.now(), learn: () => undefined });
}
