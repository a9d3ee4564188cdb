import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import { workspaceRoot } from "../support/workspace-packages.ts";
import { type DeclaredSuite, toFeatureTable } from "./feature-table.ts";
import { features } from "./features.ts";

/*
 * The table is made from what the provider packages' own tests declare: their files are loaded with suites that note how
 * they were called and run nothing.
 */
const declared = vi.hoisted((): { suites: DeclaredSuite[] } => ({ suites: [] }));

vi.mock("../../packages/core/src/testing/provider-suite.ts", () => ({
  providerSuite({ name, skip = {} }: { name: string; skip?: DeclaredSuite["skip"] }): void {
    declared.suites.push({ name, skip });
  },
}));
vi.mock("../../packages/core/src/testing/live-provider-suite.ts", () => ({
  liveProviderSuite: () => undefined,
}));

const guide = join(workspaceRoot, "docs/guides/providers.md");
const section = /(?<=<!-- features: made by tests\/providers.*-->\n\n).*(?=\n\n<!-- end of features -->)/s;

/** The packages that choose among the others have no suite of their own. */
const withoutSuite = ["packages/providers/env"];

const suiteFiles = find("packages/providers/*/src/**/*.test.ts").filter((file) =>
  /^providerSuite\(/m.test(readFileSync(join(workspaceRoot, file), "utf8")),
);

let cases: readonly string[] = [];

beforeAll(async () => {
  for (const file of suiteFiles) await import(join(workspaceRoot, file));
  const modules = await Promise.all(
    find("packages/core/src/testing/provider/*-cases.ts")
      .filter((file) => !file.endsWith("/live-cases.ts"))
      .map(
        (file): Promise<Record<string, readonly { readonly id: string }[]>> =>
          import(join(workspaceRoot, file)),
      ),
  );
  cases = modules.flatMap((module) => Object.values(module).flatMap((list) => list.map(({ id }) => id)));
});

test("every provider package runs the suite", () => {
  const packages = find("packages/providers/*/package.json").map((file) => file.replace("/package.json", ""));
  const running = new Set(suiteFiles.map((file) => file.split("/").slice(0, 3).join("/")));
  expect(packages.filter((name) => !running.has(name) && !withoutSuite.includes(name))).toEqual([]);
});

test("a file that runs the suite holds no other tests", () => {
  const others = suiteFiles.filter((file) =>
    /^(test|describe)\b/m.test(readFileSync(join(workspaceRoot, file), "utf8")),
  );
  expect(others).toEqual([]);
});

test("every feature names cases of the suite", () => {
  const known = new Set(cases);
  const unknown = features.flatMap((feature) => feature.cases.filter((id) => !known.has(id)));
  expect(unknown).toEqual([]);
});

test("the table in the guide is what the suites declare: npm test -- --project=workspace tests/providers -u writes it", async () => {
  const table = toFeatureTable({ suites: declared.suites, features, cases });
  const text = readFileSync(guide, "utf8");
  expect(text).toMatch(section);
  await expect(text.replace(section, () => table)).toMatchFileSnapshot(guide);
});

function find(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: workspaceRoot, exclude: ["**/node_modules/**"] }).sort();
}
