import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { serveHttp } from "../http/serve-http.ts";
import type { McpService } from "../mcp-service.ts";
import { authorizingProxy } from "./authorizing-proxy.ts";

/** What the suite found: its scenarios, of those with failed checks which failed, and all that it said of them. */
export interface ConformanceReport {
  readonly scenarios: readonly string[];
  readonly failed: Readonly<Record<string, readonly string[]>>;
  readonly messages: string;
}

const checks = z.array(
  z.looseObject({ id: z.string(), status: z.string(), errorMessage: z.string().optional() }),
);
const require = createRequire(import.meta.url);
const token = "a token of the conformance suite".replaceAll(" ", "-");

/**
 * Lets the official suite loose on a service behind our HTTP server, with its guards and its authentication: everything
 * that a revision of the protocol requires, and what it runs besides.
 */
export async function runConformance(service: McpService, revision: string): Promise<ConformanceReport> {
  const served = await serveHttp(service, { port: 0, tokens: { suite: token } });
  const proxy = await authorizingProxy({ target: served.url, token });
  const directory = await mkdtemp(join(tmpdir(), "conformance-"));
  try {
    await runSuite(["server", "--url", proxy.url, "--requirements", revision, "--output-dir", directory]);
    return await readReport(directory);
  } finally {
    await proxy.close();
    await served.close();
    await service.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** It exits with a failure when a scenario fails; what failed stands in its files. */
async function runSuite(args: readonly string[]): Promise<void> {
  const manifest = require.resolve("@modelcontextprotocol/conformance/package.json");
  const program = join(dirname(manifest), "dist", "index.js");
  const child = spawn(process.execPath, [program, ...args], { stdio: "ignore" });
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => resolve());
  });
}

async function readReport(directory: string): Promise<ConformanceReport> {
  const scenarios: string[] = [];
  const failed: Record<string, string[]> = {};
  const messages: string[] = [];
  for (const folder of await readdir(directory)) {
    // server-<scenario>-2026-11-22T10-00-00-000Z
    const scenario = /^server-(.+)-\d{4}-\d\d-\d\dT.*$/.exec(folder)?.[1] ?? folder;
    scenarios.push(scenario);
    const found = checks.parse(JSON.parse(await readFile(join(directory, folder, "checks.json"), "utf8")));
    const failures = found.filter(({ status }) => status === "FAILURE");
    if (failures.length > 0) failed[scenario] = failures.map(({ id }) => id);
    for (const { id, errorMessage = "" } of failures) messages.push(`${scenario} ${id}: ${errorMessage}`);
  }
  return { scenarios: scenarios.sort(), failed, messages: messages.join("\n") };
}
