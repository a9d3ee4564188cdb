import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeSuite } from "../../testing/store-suite.ts";
import type { TicketStore } from "../ticket-store.ts";
import { sqliteArchive } from "./sqlite-archive.ts";
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

test("a namespace whose name a file could not keep apart from others is refused, and no file is made", () => {
  const path = join(dir, "half.db");
  for (const open of [sqliteStore, sqliteArchive]) {
    expect(() => open({ path, namespace: "half\ud800" })).toThrow(
      expect.objectContaining({ code: "invalid_input", field: "namespace" }),
    );
  }
  expect(existsSync(path)).toBe(false);
});

for (const durability of ["full", "process"] as const) {
  storeSuite({
    name: `sqlite, durability ${durability}`,
    open: async (options) => openAt(join(dir, `${++files}.db`), { ...options, durability }),
    join: async (store, options) => openAt(paths.get(store) ?? "", { ...options, durability }),
  });
}
