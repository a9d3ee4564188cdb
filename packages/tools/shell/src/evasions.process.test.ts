import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { runTool } from "@agentwerk/core/testing";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { bash } from "./bash.ts";
import { checkCommand } from "./check-command.ts";
import { parsePolicy } from "./policy/command-policy.ts";
import { evasionsByOption } from "./testing/evasions-by-option.ts";
import { evasionsByProgram } from "./testing/evasions-by-program.ts";
import { evasionsBySyntax } from "./testing/evasions-by-syntax.ts";
import { generousPolicy } from "./testing/generous-policy.ts";
import { createPlayground } from "./testing/playground.ts";

const evasionAttempts = { ...evasionsBySyntax, ...evasionsByProgram, ...evasionsByOption };
const playground = createPlayground();
afterAll(() => playground.remove());

const guarded = bash({ allow: generousPolicy, redirect: ["out/*"] });
const unguarded = bash({ unrestricted: true, timeout: "10s" });

const usedPrograms =
  "diff3 ed git install less make man node npm openssl perl python3 sqlite3 ssh tar vim zip".split(" ");
const missingPrograms = usedPrograms.filter((name) => spawnSync("which", [name]).status !== 0);

/** Then the attempt would leave no canary for want of its program. */
function needsMissingProgram(command: string): boolean {
  return missingPrograms.some((name) => new RegExp(`\\b${name}\\b`).test(command));
}

describe.each(Object.entries(evasionAttempts))("evasion by %s", (_kind, attempts) => {
  it.each(attempts.map((attempt) => [JSON.stringify(attempt.command), attempt] as const))(
    "%s",
    async (_title, attempt) => {
      const dir = playground.create();
      // All of them at the end would be tens of thousands of files.
      onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
      await runTool(guarded, { command: attempt.command }, { dir });
      expect(playground.hasCanary(dir), "with the tool's checks").toBe(false);
      if (attempt.inert !== undefined || needsMissingProgram(attempt.command)) return;
      await runTool(unguarded, { command: attempt.command }, { dir });
      expect(playground.hasCanary(dir), "without them, so that this test can fail").toBe(true);
    },
  );
});

it("tries at least 150 ways, and refuses each instead of running a part", () => {
  const attempts = Object.values(evasionAttempts).flat();
  expect(attempts.length).toBeGreaterThanOrEqual(150);
  const policy = parsePolicy({ allow: generousPolicy, redirect: ["out/*"] });
  const allowed = attempts.filter(({ command }) => checkCommand(command, policy).allowed);
  // These two run, and find nothing: a function is called under a name that no program has.
  expect(allowed.map(({ command }) => command)).toEqual([
    "false && touch() { true; }; touch canary",
    "( touch() { true; } ); touch canary",
  ]);
});
