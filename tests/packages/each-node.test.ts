import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { runCommand, runOrThrow } from "../support/run-command.ts";
import { workspaceRoot } from "../support/workspace-packages.ts";
import { nodeReleases } from "./node-releases.ts";

const tarballs = inject("tarballs");
const folder = mkdtempSync(join(tmpdir(), "agentwerk-each-node-"));

/** Works tickets in a database, prunes one, breaks a write, and comes back to it: what node:sqlite has to be able to. */
const program = `
import assert from "node:assert/strict";
import { Agent, defineModel, TicketSystem } from "@agentwerk/core";

const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };
const content = [{ type: "tool_call", id: "c1", name: "write_result", input: { result: "done" } }];
const provider = { name: "fixed", respond: async ({ model }) => ({ content, stopReason: "tool_calls", usage, model }) };
const agents = [new Agent({ model: defineModel({ provider, name: "one" }), role: "You work." })];
const dir = process.argv[2];

const tickets = new TicketSystem({ dir, agents });
const handle = await tickets.task("work");
await assert.rejects(tickets.store.insert([{ task: "x", blockedBy: ["TICKET-99"] }]), { code: "not_found" });
assert.equal((await tickets.runDry()).reason, "drained");
assert.equal(await handle.result(), "done");
await tickets.task("more");
await tickets.close();
await assert.rejects(tickets.find(), { code: "closed" });

const again = new TicketSystem({ dir, agents });
assert.equal((await again.find("status = todo")).length, 1);
assert.equal(await again.prune("status = done"), 1);
assert.equal((await again.runDry()).reason, "drained");
await again.close();
`;

beforeAll(async () => {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  writeFileSync(join(folder, "program.js"), program);
  const tarball = tarballs["@agentwerk/core"] ?? "";
  await runOrThrow("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", tarball], {
    cwd: folder,
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("tickets are kept and worked in SQLite on the oldest and on the current Node", async () => {
  for (const [version, node] of Object.entries(await nodeReleases())) {
    const { code, stderr } = await runCommand(node, ["--no-warnings", "program.js", `dir-${version}`], {
      cwd: folder,
    });
    expect({ version, code, stderr }).toEqual({ version, code: 0, stderr: "" });
  }
});

test("the store suite passes on the oldest Node", async () => {
  const [oldest] = Object.values(await nodeReleases());
  const vitest = join(workspaceRoot, "node_modules/vitest/vitest.mjs");
  const report = join(folder, "suite.json");
  const suite = "packages/core/src/store/sqlite/sqlite-store.test.ts";
  const argv = [vitest, "run", "--project", "unit", suite, "--reporter", "json", "--outputFile", report];
  await runOrThrow(oldest ?? "", argv, { cwd: workspaceRoot });
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
  expect({ numFailedTests, isWhole: numPassedTests > 100 }).toEqual({ numFailedTests: 0, isWhole: true });
});
