import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Where the core is installed and no provider. */
const folder = mkdtempSync(join(tmpdir(), "agentwerk-env-"));

beforeAll(() => {
  cpSync(fileURLToPath(new URL(".", import.meta.url)), join(folder, "src"), { recursive: true });
  mkdirSync(join(folder, "node_modules/@agentwerk"), { recursive: true });
  const core = realpathSync(fileURLToPath(new URL("../node_modules/@agentwerk/core", import.meta.url)));
  symlinkSync(core, join(folder, "node_modules/@agentwerk/core"), "junction");
});

afterAll(() => rmSync(folder, { recursive: true }));

/** In a process of its own: Node's own resolution decides what is installed, not the test runner's. */
const program = `
  const { modelFromEnv } = await import("./src/index.ts");
  const error = await modelFromEnv({ env: { MISTRAL_API_KEY: "m" } }).catch((thrown) => thrown);
  console.log(error.code + ": " + error.message);
`;

test("a key whose package is not installed gets the install command", async () => {
  const flags = ["--conditions=@agentwerk/source", "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: folder });
  expect(stdout.trim()).toMatch(/^missing_dependency: .*npm install @agentwerk\/mistral$/);
});
