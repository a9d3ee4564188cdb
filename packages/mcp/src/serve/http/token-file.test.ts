import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readTokenFile } from "./token-file.ts";

async function directory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "agentwerk-token-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test("a token is made once, in a file that only the user can read", async () => {
  const file = join(await directory(), "deep", "token");

  const tokens = await Promise.all(Array.from({ length: 8 }, () => readTokenFile(file)));
  const again = await readTokenFile(file);

  expect(again).toMatch(/^[\w-]{43}$/);
  expect(new Set(tokens)).toEqual(new Set([again]));
  expect(await readdir(dirname(file))).toEqual(["token"]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readFile(file, "utf8")).trim()).toBe(again);
});

test("a file that others can read, or that holds no token, is refused", async () => {
  const dir = await directory();
  const file = join(dir, "token");
  await writeFile(file, "x".repeat(40), { mode: 0o600 });
  await chmod(file, 0o644);
  await expect(readTokenFile(file)).rejects.toThrow("can be read by others; chmod 600 it");

  await writeFile(file, "short");
  await chmod(file, 0o600);
  await expect(readTokenFile(file)).rejects.toThrow("holds no token");
  await symlink("/dev/null", join(dir, "link"));
  await expect(readTokenFile(join(dir, "link"))).rejects.toThrow();
});

test.runIf(existsSync("/proc/self"))(
  "a file where no folder can be made is refused, with what to do",
  async () => {
    await expect(readTokenFile("/proc/agentwerk/token")).rejects.toThrow(
      /The folder \/proc\/agentwerk cannot be made: .* Name one that you can write to/,
    );
  },
);
