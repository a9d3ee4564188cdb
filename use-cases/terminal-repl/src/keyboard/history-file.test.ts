import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HistoryFile } from "./history-file.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "terminal-repl-history-"));
});
afterEach(() => rm(dir, { recursive: true }));

test("what was typed is there again, newest first, a message of several lines in one entry", () => {
  const path = join(dir, "new", "history");
  const first = new HistoryFile(path);
  for (const text of ["one", "two\nlines", "two\nlines", "  "]) first.add(text);
  expect(new HistoryFile(path).entries).toEqual(["two␊lines", "one"]);
});

test("the file is this user's alone, and does not grow without end", async () => {
  const path = join(dir, "history");
  await writeFile(path, Array.from({ length: 1_500 }, (_, index) => `entry ${index}\n`).join(""));
  expect(new HistoryFile(path).entries).toHaveLength(1_000);
  expect((await readFile(path, "utf8")).split("\n")[0]).toBe("entry 500");
  const fresh = join(dir, "fresh");
  new HistoryFile(fresh).add("secret");
  expect((await stat(fresh)).mode & 0o077).toBe(0);
});

test("a link that came with the folder is not followed: the file behind it stays as it is", async () => {
  const own = join(dir, "own");
  const lines = Array.from({ length: 1_500 }, (_, index) => `line ${index}\n`).join("");
  await writeFile(own, lines);
  const path = join(dir, "history");
  await symlink(own, path);
  const history = new HistoryFile(path);
  history.add("typed");
  expect(history.entries).toEqual(["typed"]);
  expect(await readFile(own, "utf8")).toBe(lines);
});

test("a history that cannot be kept ends nothing: it lasts as long as the program", async () => {
  const path = join(dir, "history");
  await mkdir(path);
  const history = new HistoryFile(path);
  history.add("one");
  history.add("two");
  expect(history.entries).toEqual(["two", "one"]);
  const below = new HistoryFile(join(dir, "file", "history"));
  await writeFile(join(dir, "file"), "");
  below.add("three");
  expect(below.entries).toEqual(["three"]);
});
