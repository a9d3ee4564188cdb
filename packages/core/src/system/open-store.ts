import { resolve } from "node:path";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { Plugin } from "../plugin/plugin.ts";
import { memoryStore } from "../store/memory/memory-store.ts";
import { sqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import type { Clock } from "../util/clock.ts";

export interface OpenStoreOptions {
  /** A store, or a URL whose scheme a plugin serves. */
  readonly store: TicketStore | string | undefined;
  /** Holds the database of a SQLite store when no store is named. */
  readonly dir: string | undefined;
  readonly namespace: string | undefined;
  readonly plugins: readonly Plugin[];
  readonly clock: Clock;
}

/** The store that was named, else SQLite in `dir`, else memory. */
export function openStore({
  store,
  dir,
  namespace = "default",
  plugins,
  clock,
}: OpenStoreOptions): TicketStore {
  if (typeof store === "string") return openUrl(store, { namespace, plugins });
  if (store !== undefined) return store;
  if (dir === undefined) return memoryStore({ namespace, clock });
  return sqliteStore({ path: resolve(dir, "tickets.db"), namespace, clock });
}

function openUrl(
  url: string,
  { namespace, plugins }: { readonly namespace: string; readonly plugins: readonly Plugin[] },
): TicketStore {
  const scheme = /^([a-z][a-z0-9+.-]*):/.exec(url)?.[1];
  const schemes = new Map(plugins.flatMap(({ stores }) => Object.entries(stores ?? {})));
  const open = scheme === undefined ? undefined : schemes.get(scheme);
  if (open !== undefined) return open({ url, namespace });
  const known =
    schemes.size === 0
      ? "no plugin here brings a store"
      : `the plugins here open ${[...schemes.keys()].join(", ")}`;
  throw new AgentwerkError({
    code: "invalid_input",
    field: "store",
    message: `No store opens ${scheme ?? "this"}: URLs; ${known}. Add the store's plugin, or give dir for SQLite.`,
  });
}
