import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TicketStore } from "../ticket-store.ts";
import { sqliteStore } from "./sqlite-store.ts";

const program = join(import.meta.dirname, "read-only.program.ts");
/** Root may write everywhere. */
const asUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

let dir: string;
let path: string;
let writer: TicketStore;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "agentwerk-read-only-"));
  chmodSync(dir, 0o755);
  path = join(dir, "data", "tickets.db");
  writer = sqliteStore({ path, durability: "process" });
  await writer.insert([{ task: "a" }, { task: "b" }]);
});
afterEach(async () => {
  for (const folder of readdirSync(dir)) open(join(dir, folder));
  await writer.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Takes the right to write from the folder and all that is in it. */
function close(folder: string): void {
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o444);
  chmodSync(folder, 0o555);
}

function open(folder: string): void {
  chmodSync(folder, 0o755);
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644);
}

/** Somebody who may only read, and copies if told where to; the function answers what the next look shows. */
function stranger(...files: readonly string[]): { look(): Promise<string>; end(): Promise<void> } {
  const child = spawn(
    process.execPath,
    ["--conditions=@agentwerk/source", "--no-warnings", program, ...files],
    {
      ...asUser,
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let looks = 0;
  return {
    async look() {
      if (looks++ > 0) child.stdin.write("\n");
      return String((await lines.next()).value);
    },
    async end() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

test("a closed store can be looked at by somebody who may not write there, until somebody else does", async () => {
  const data = join(dir, "data");
  await writer.close();
  close(data);
  const reader = stranger(path);
  expect(await reader.look()).toBe("2");
  expect(readdirSync(data)).toEqual(["tickets.db"]);

  open(data);
  writer = sqliteStore({ path, durability: "process" });
  await writer.insert([{ task: "c" }]);
  expect(await reader.look()).toContain("was written to while it was read without locks");
  await reader.end();
});

test("a closed store can be copied by somebody who may not write there", async () => {
  await writer.close();
  close(join(dir, "data"));
  const copies = join(dir, "copies");
  mkdirSync(copies);
  chmodSync(copies, 0o777);
  const to = join(copies, "tickets.db");
  const copier = stranger(path, to);
  expect(await copier.look()).toBe("2");
  await copier.end();
  const copy = sqliteStore({ path: to });
  expect(await copy.find({})).toMatchObject([{ task: "a" }, { task: "b" }]);
  await copy.close();
});

test("a copy with the empty log that a reader left behind can be looked at", async () => {
  const copy = join(dir, "copy");
  mkdirSync(copy);
  await writer.close();
  copyFileSync(path, join(copy, "tickets.db"));
  writeFileSync(join(copy, "tickets.db-wal"), "");
  close(copy);
  const reader = stranger(join(copy, "tickets.db"));
  expect(await reader.look()).toBe("2");
  await reader.end();
});

test("a store that others write to can be looked at, and is read anew each time", async () => {
  close(join(dir, "data"));
  const reader = stranger(path);
  expect(await reader.look()).toBe("2");
  await writer.insert([{ task: "c" }]);
  expect(await reader.look()).toBe("3");
  await reader.end();
});

test("a copy whose newest writes stand in a log that cannot be read is refused, with what to do", async () => {
  const copy = join(dir, "copy");
  mkdirSync(copy);
  for (const name of ["tickets.db", "tickets.db-wal"])
    copyFileSync(join(dir, "data", name), join(copy, name));
  close(copy);
  const reader = stranger(join(copy, "tickets.db"));
  expect(await reader.look()).toMatch(/its newest writes are in .*-wal\. Copy both files to a folder/);
  await reader.end();
});
