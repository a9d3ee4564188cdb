import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { baseline } from "./baseline.ts";

const run = promisify(execFile);
/** A scenario is two programs that do little and load much: what they compiled is kept for the next. */
const compiled = await mkdtemp(join(tmpdir(), "agentwerk-compiled-"));
afterAll(() => rm(compiled, { recursive: true, force: true }));
const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
const manifest = fileURLToPath(import.meta.resolve("@modelcontextprotocol/conformance/package.json"));
const suite = join(dirname(manifest), "dist", "index.js");
const program = fileURLToPath(new URL("conformance-client.program.ts", import.meta.url));
const command = `${process.execPath} --conditions=@agentwerk/source ${program}`;

const checks = z.array(
  z.looseObject({ id: z.string(), status: z.string(), errorMessage: z.string().optional() }),
);

/** Scenarios at once: the suite would start all of them, and time out on a small machine. */
const atOnce = 2;

async function scenariosOf(revision: string): Promise<readonly string[]> {
  const { stdout } = await run(process.execPath, [suite, "list", "--client", "--requirements", revision]);
  const own = stdout.split("Client scenarios")[1]?.split("Authorization server scenarios")[0] ?? "";
  return [...own.matchAll(/^ {2}- (\S+)/gm)].map(([, name]) => name ?? "");
}

/** Runs one scenario and answers with what failed in it; undefined when it was not carried out. */
async function runScenario(scenario: string, revision: string): Promise<readonly string[] | undefined> {
  const directory = await mkdtemp(join(tmpdir(), "agentwerk-conformance-"));
  try {
    const args = ["client", "--command", command, "--scenario", scenario, "--spec-version", revision];
    // It exits with a failure when a check fails; what failed stands in its file.
    const limits = ["--force", "--timeout", "60000", "-o", directory];
    await run(process.execPath, [suite, ...args, ...limits], { env }).catch(() => {});
    const files = await readdir(directory, { recursive: true });
    const file = files.find((name) => name.endsWith("checks.json"));
    if (file === undefined) return undefined;
    const found = checks.parse(JSON.parse(await readFile(join(directory, file), "utf8")));
    if (!found.some(({ status }) => status === "SUCCESS" || status === "FAILURE")) return undefined;
    return found
      .filter(({ status }) => status === "FAILURE")
      .map(({ id, errorMessage = "" }) => `${id} ${errorMessage}`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

describe.each(["2025-11-25", "2026-07-28"])("client scenarios of %s", (revision) => {
  it("pass, but for those of the baseline", { timeout: 600_000 }, async () => {
    const scenarios = await scenariosOf(revision);
    expect(scenarios.length).toBeGreaterThan(15);
    const left = scenarios.filter((scenario) => baseline[scenario] === undefined);
    const failed: Record<string, readonly string[] | undefined> = {};
    const work = async (): Promise<void> => {
      for (let scenario = left.shift(); scenario !== undefined; scenario = left.shift()) {
        const failures = await runScenario(scenario, revision);
        if (failures === undefined || failures.length > 0) failed[scenario] = failures ?? ["not carried out"];
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    expect(failed).toEqual({});
  });
});
