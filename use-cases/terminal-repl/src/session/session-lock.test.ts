import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SessionLock } from "./session-lock.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "terminal-repl-lock-"));
});
afterEach(() => rm(dir, { recursive: true }));

/** A process that ended: none has so large an id. */
const deadPid = 2 ** 30;

test("a session of a living program is refused, and the one that was held stays held", () => {
  const first = new SessionLock(dir);
  const second = new SessionLock(dir);
  expect(first.take("TICKET-1")).toBe(true);
  expect(second.take("TICKET-2")).toBe(true);
  expect(second.take("TICKET-1")).toBe(false);
  expect(new SessionLock(dir).take("TICKET-2")).toBe(false);
});

test("the session of a program that died is taken over", async () => {
  await writeFile(join(dir, "terminal-repl-TICKET-1.lock"), String(deadPid));
  expect(new SessionLock(dir).take("TICKET-1")).toBe(true);
});

test("taking another session lets go of the one before, and release leaves nothing behind", async () => {
  const lock = new SessionLock(dir);
  lock.take("TICKET-1");
  lock.take("TICKET-2");
  expect(await readdir(dir)).toEqual(["terminal-repl-TICKET-2.lock"]);
  lock.release();
  expect(await readdir(dir)).toEqual([]);
});

test("a lock that its program never came to write is taken over after a while", async () => {
  const path = join(dir, "terminal-repl-TICKET-1.lock");
  await writeFile(path, "");
  expect(new SessionLock(dir).take("TICKET-1")).toBe(false);
  const longAgo = Date.now() / 1_000 - 60;
  await utimes(path, longAgo, longAgo);
  expect(new SessionLock(dir).take("TICKET-1")).toBe(true);
});

test("a lock with this program's id that it did not write is of one that died, as in a container that was started again", async () => {
  await writeFile(join(dir, "terminal-repl-TICKET-1.lock"), String(process.pid));
  expect(new SessionLock(dir).take("TICKET-1")).toBe(true);
});
