import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { workspaceRoot } from "../support/workspace-packages.ts";

test("the lock file names no registry, so that every user's own is asked", () => {
  const lockFile = readFileSync(join(workspaceRoot, "pnpm-lock.yaml"), "utf8");
  expect(lockFile.match(/https?:\/\/\S+|tarball:.*/g)).toBeNull();
});

test("the catalog pins every version exactly", () => {
  const lines = readFileSync(join(workspaceRoot, "pnpm-workspace.yaml"), "utf8").split("\n");
  const start = lines.indexOf("catalog:") + 1;
  const entries = lines.slice(start, lines.indexOf("", start));
  expect(entries.length).toBeGreaterThan(0);
  for (const entry of entries) expect(entry).toMatch(/^ {2}\S+: (npm:\S+@)?\d+\.\d+\.\d+(-[\w.]+)?$/);
});
