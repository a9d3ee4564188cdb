import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = `
  import { registerHooks } from "node:module";
  const loaded = [];
  registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
  const { litellm } = await import(${JSON.stringify(fileURLToPath(new URL("./index.ts", import.meta.url)))});
  litellm("openai/gpt-5");
  process.stdout.write(String(loaded.filter((url) => url.includes("/node_modules/openai/")).length));
`;

test("making a model does not load the SDK", async () => {
  const flags = ["--conditions=@agentwerk/source", "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  expect(stdout.trim()).toBe("0");
});
