import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeWhole } from "./write-whole.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "write-whole-"));
});
afterEach(() => rm(dir, { recursive: true }));

test("files are made or replaced, and keep who may read them", async () => {
  const path = join(dir, "a");
  await writeFile(path, "a longer text before");
  await chmod(path, 0o640);
  await writeWhole([
    { path, text: "after" },
    { path: join(dir, "b"), text: "new" },
  ]);
  expect(await readFile(path, "utf8")).toBe("after");
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect((await readdir(dir)).sort()).toEqual(["a", "b"]);
});

test("when one cannot be written, none is, and nothing is left behind", async () => {
  await writeFile(join(dir, "a"), "before");
  const files = ["a", "b", "none/c"].map((name) => ({ path: join(dir, name), text: "after" }));
  await expect(writeWhole(files)).rejects.toThrow("ENOENT");
  expect(await readdir(dir)).toEqual(["a"]);
  expect(await readFile(join(dir, "a"), "utf8")).toBe("before");
});

test("a link is replaced, and the file that it led to stays", async () => {
  const own = join(dir, "own");
  await writeFile(own, "of the person");
  const path = join(dir, "report");
  await symlink(own, path);
  await writeWhole([{ path, text: "report" }]);
  expect([await readFile(own, "utf8"), await readFile(path, "utf8")]).toEqual(["of the person", "report"]);
});

test.skipIf(process.platform === "win32")("a device is written to, and stays one", async () => {
  await writeWhole([{ path: "/dev/null", text: "gone" }]);
  expect((await stat("/dev/null")).isCharacterDevice()).toBe(true);
});
