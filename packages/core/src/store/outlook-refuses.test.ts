import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { memoryStore } from "./memory/memory-store.ts";
import { sqliteStore } from "./sqlite/sqlite-store.ts";

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "agentwerk-outlook-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test.each([
  ["memory", memoryStore],
  ["SQLite", () => sqliteStore({ path: join(dir, "tickets.db") })],
])("%s refuses an outlook for an odd agent, label or limit by name, as a claim does", async (_name, open) => {
  const store = open();
  await store.insert([{ task: "work", labels: ["a"] }]);
  const want = { agent: "agent", labels: ["a"], limit: 1 };
  for (const [odd, field] of [
    [{ agent: "nul\u0000" }, "wants[1].agent"],
    [{ labels: ["half\ud800"] }, "wants[1].labels"],
    [{ limit: -1 }, "wants[1].limit"],
  ] as const) {
    const asked = store.outlook([want, { ...want, ...odd }]);
    await expect(asked, field).rejects.toMatchObject({ code: "invalid_input", field });
  }
  expect(await store.outlook([want])).toMatchObject({ claimable: 1 });
  await store.close();
});
