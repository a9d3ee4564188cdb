import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { runCommand, runOrThrow } from "../support/run-command.ts";
import { useCasePackages, workspacePackages } from "../support/workspace-packages.ts";
import { nodeReleases } from "./node-releases.ts";

const tarballs = inject("tarballs");
const folder = mkdtempSync(join(tmpdir(), "agentwerk-use-cases-"));
const programs = useCasePackages.flatMap(({ manifest }) => Object.keys(manifest.bin ?? {}));

beforeAll(async () => {
  const names = withDependencies(useCasePackages.map(({ manifest }) => manifest.name));
  const files = names.map((name) => tarballs[name] ?? "");
  await runOrThrow("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...files], {
    cwd: folder,
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(useCasePackages)("$manifest.name packs what it runs on and nothing else", ({ manifest }) => {
  const papers = /^(README\.md|LICENSE|package\.json|node_modules)$/;
  const packed = readdirSync(join(folder, "node_modules", manifest.name)).filter(
    (name) => !papers.test(name),
  );
  expect(packed.toSorted()).toEqual(manifest.files?.toSorted());
});

describe.each(Object.entries(await nodeReleases()))(
  "on Node %s, without this workspace,",
  (_version, node) => {
    function run(program: string, ...argv: readonly string[]): ReturnType<typeof runCommand> {
      const { PATH = "", HOME = "" } = process.env;
      const file = join(folder, "node_modules/.bin", program);
      return runCommand(node, [file, ...argv], { cwd: folder, env: { PATH, HOME } });
    }

    test.each(programs)("%s says what it does", async (program) => {
      const { code, stdout, stderr } = await run(program, "--help");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(new RegExp(`^Usage: ${program} `));
    });

    test.each([
      ["hello-world", { right: true }],
      ["divide-and-conquer", { verified: true }],
    ])("%s does it", async (program, report) => {
      const { code, stdout, stderr } = await run(program, "--json");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(JSON.parse(stdout)).toMatchObject(report);
    });
  },
);

/** With all packages of this workspace that those need, and that these need. */
function withDependencies(names: readonly string[]): readonly string[] {
  const found = new Set(names);
  for (const name of found) {
    const manifest = workspacePackages.find((one) => one.manifest.name === name)?.manifest;
    const needed = Object.keys({ ...manifest?.dependencies, ...manifest?.peerDependencies });
    for (const other of needed) if (tarballs[other] !== undefined) found.add(other);
  }
  return [...found];
}
