import type { Clock, TicketStore } from "@agentwerk/core";
import type pg from "pg";
import { openDatabase } from "../database.ts";
import { migrate } from "../migrate.ts";
import { type ResolvedOptions, resolveOptions } from "../postgres-options.ts";
import { openStore } from "../postgres-store.ts";
import { clockedPool, obeyClock } from "./clocked-pool.ts";

const schema = "moved";

export interface ClockedStores {
  open(options: { readonly clock: Clock; readonly namespace: string }): Promise<TicketStore>;
  /** Ends the pools of all. */
  close(): Promise<void>;
}

/** Stores in one database whose server takes the time from the test. */
export function clockedStores(url: () => string): ClockedStores {
  const pools: pg.Pool[] = [];
  let ready: Promise<void> | undefined;
  const prepare = async (resolved: ResolvedOptions, pool: pg.Pool): Promise<void> => {
    await migrate(openDatabase(resolved));
    await obeyClock(pool, schema);
  };
  return {
    async open({ clock, namespace }) {
      const pool = clockedPool(url(), clock);
      pools.push(pool);
      const resolved = resolveOptions(pool, { clock, namespace, schema });
      ready ??= prepare(resolved, pool);
      await ready;
      return openStore(resolved, { now: () => clock.now(), learn: () => undefined });
    },
    async close() {
      for (const pool of pools) await pool.end();
    },
  };
}
