import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { storeSuite } from "../../testing/store-suite.ts";
import type { TicketStore } from "../ticket-store.ts";
import { type SqliteStoreOptions, sqliteStore } from "./sqlite-store.ts";

let dir: string;
let files = 0;
const paths = new WeakMap<TicketStore, string>();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "agentwerk-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const openAt = (path: string, options: Omit<SqliteStoreOptions, "path">): TicketStore => {
  const store = sqliteStore({ path, ...options });
  paths.set(store, path);
  return store;
};

for (const durability of ["full", "process"] as const) {
  storeSuite({
    name: `sqlite, durability ${durability}`,
    open: async (options) => openAt(join(dir, `${++files}.db`), { ...options, durability }),
    join: async (store, options) => openAt(paths.get(store) ?? "", { ...options, durability }),
  });
}
