import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { makeFolder, makeFolderSync } from "./make-folder.ts";

const dir = mkdtempSync(join(tmpdir(), "make-folder-"));
const file = join(dir, "file");
const dangling = join(dir, "dangling");
writeFileSync(file, "");
symlinkSync(join(dir, "nowhere"), dangling);
afterAll(() => rmSync(dir, { recursive: true }));

describe.each([
  ["makeFolder", makeFolder],
  ["makeFolderSync", async (...args: Parameters<typeof makeFolderSync>) => makeFolderSync(...args)],
] as const)("%s", (name, make) => {
  test("makes all levels, with the mode that was asked for, and leaves what is there", async () => {
    const folder = join(dir, name, "b", "c");
    await make(folder, { mode: 0o700 });
    await make(folder, { mode: 0o755 });
    for (const path of [folder, join(dir, name)]) expect(statSync(path).mode & 0o777, path).toBe(0o700);
  });

  test("at the same time from several places is fine", async () => {
    const folder = join(dir, name, "together", "deep");
    await Promise.all([make(folder), make(folder), make(join(folder, "more"))]);
    expect(existsSync(join(folder, "more"))).toBe(true);
  });

  test.each([
    ["a file in its place", file],
    ["a file on the way", join(file, "a", "b")],
    ["a link to nowhere on the way", join(dangling, "a")],
  ])("is refused with %s, with the path, the cause and the next step", async (_, path) => {
    await expect(make(path)).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringMatching(
        /^The folder .* cannot be made: E[A-Z]+: .* Name one that you can write to\.$/,
      ),
      cause: expect.any(Error),
    });
  });

  test.runIf(existsSync("/proc/self"))("does not try for ever where no folder can be made", async () => {
    await expect(make("/proc/agentwerk/a")).rejects.toThrow("The folder /proc/agentwerk/a cannot be made");
  });
});
