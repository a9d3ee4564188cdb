import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readPrivate, writePrivate } from "./private-file.ts";

test("a file and the folders on its way are its owner's alone", async () => {
  const dir = await mkdtemp(join(tmpdir(), "agentwerk-private-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const path = join(dir, "deep", "er", "pins.json");

  await writePrivate(path, "{}");

  expect(await readPrivate(path)).toBe("{}");
  expect(await readdir(dirname(path))).toEqual(["pins.json"]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(dir, "deep"))).mode & 0o777).toBe(0o700);
});

test.runIf(existsSync("/proc/self"))(
  "a file where no folder can be made is refused, with what to do",
  async () => {
    await expect(writePrivate("/proc/agentwerk/pins.json", "{}")).rejects.toThrow(
      /The folder \/proc\/agentwerk cannot be made: .* Name one that you can write to/,
    );
  },
);
