import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkWritableFile, makeWritableFolder } from "./check-writable.ts";
import { UsageError } from "./usage-error.ts";

const folder = mkdtempSync(join(tmpdir(), "check-writable-"));
const file = join(folder, "file");
writeFileSync(file, "");
afterAll(() => rmSync(folder, { recursive: true }));

test("what can be written is left as it is", async () => {
  await checkWritableFile(join(folder, "new"), "--html");
  await checkWritableFile(file, "--html");
  await makeWritableFolder(folder, "--output");
  await makeWritableFolder(join(folder, "a", "b"), "--output");
  expect(readdirSync(folder).sort()).toEqual(["a", "file"]);
});

test.each([
  [() => checkWritableFile(folder, "--html"), "is a folder; name a file"],
  [() => checkWritableFile(join(folder, "none", "x"), "--html"), "there is no folder"],
  [() => checkWritableFile(join(file, "x"), "--html"), "there is no folder"],
  [() => makeWritableFolder(file, "--output"), "--output"],
  [() => makeWritableFolder(join(file, "x"), "--output"), "cannot be made"],
  [() => makeWritableFolder(join(file, "x", "y"), "--output"), "cannot be made"],
])("%s is refused with %j", async (check, part) => {
  await expect(check()).rejects.toThrow(UsageError);
  await expect(check()).rejects.toThrow(part);
});

test.runIf(existsSync("/proc/self"))("where no folder can be made, it does not try for ever", async () => {
  await expect(makeWritableFolder("/proc/agentwerk/out", "--output")).rejects.toThrow("cannot be made");
});
