import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** In a process of its own: Node's own resolution decides what is installed, not the test runner's. */
const program = `
  const { modelFromEnv } = await import(${JSON.stringify(fileURLToPath(new URL("./index.ts", import.meta.url)))});
  const error = await modelFromEnv({ env: { MISTRAL_API_KEY: "m" } }).catch((thrown) => thrown);
  console.log(error.code + ": " + error.message);
`;

test("a key whose package is not installed gets the install command", async () => {
  const flags = ["--conditions=@agentwerk/source", "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  expect(stdout.trim()).toMatch(/^missing_dependency: .*npm install @agentwerk\/mistral$/);
});
