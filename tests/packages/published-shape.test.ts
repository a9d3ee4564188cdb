import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { runCommand, runOrThrow } from "../support/run-command.ts";
import type { PackageManifest } from "../support/workspace-packages.ts";
import { importPaths, publishedPackages, workspaceRoot } from "../support/workspace-packages.ts";
import { nodeReleases } from "./node-releases.ts";

const tarballs = inject("tarballs");
const tools = join(workspaceRoot, "node_modules/.bin");

describe.each(publishedPackages)("$manifest.name", ({ manifest }) => {
  const tarball = tarballs[manifest.name] ?? "";
  const folder = mkdtempSync(join(tmpdir(), "agentwerk-package-"));
  const installed = join(folder, "node_modules", manifest.name);
  let files: string[] = [];

  beforeAll(async () => {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    await runOrThrow(
      "npm",
      ["install", "--no-audit", "--no-fund", "--prefer-offline", tarball, ...otherPackages(manifest)],
      { cwd: folder },
    );
    const listed = await runOrThrow("tar", ["-tzf", tarball], { cwd: folder });
    files = listed
      .trim()
      .split("\n")
      .map((file) => file.replace("package/", ""))
      .sort();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("holds the build, its papers and nothing else", () => {
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
    const declared = /^(dist\/.+\.(js|d\.ts)|README\.md|LICENSE|CHANGELOG\.md|package\.json)$/;
    expect(files.filter((file) => !declared.test(file))).toEqual([]);
    expect(files.filter((file) => /\.test(-d)?\./.test(file))).toEqual([]);
  });

  test("points to no source map that is not there", () => {
    const pointing = files.filter(
      (file) =>
        file.startsWith("dist/") &&
        readFileSync(join(installed, file), "utf8").includes("//# sourceMappingURL="),
    );
    expect(pointing).toEqual([]);
  });

  test("has resolved every workspace and catalog version", () => {
    const published = readFileSync(join(installed, "package.json"), "utf8");
    expect(published).not.toMatch(/"(workspace|catalog):/);
    expect(published).not.toContain("@agentwerk/source");
  });

  const [testing = [], rest = []] = partition(importPaths(manifest), (path) => path.endsWith("/testing"));

  async function load(paths: readonly string[]): Promise<void> {
    const program = `for (const path of ${JSON.stringify(paths)}) await import(path);`;
    writeFileSync(join(folder, "load.js"), program);
    for (const [version, node] of Object.entries(await nodeReleases())) {
      const running = await runOrThrow(node, ["--version"], { cwd: folder });
      expect(running.trim()).toBe(`v${version}`);
      const { code, stderr } = await runCommand(node, ["load.js"], { cwd: folder });
      expect({ version, code, stderr: withoutSqliteWarning(stderr) }).toEqual({
        version,
        code: 0,
        stderr: "",
      });
    }
  }

  test("loads every export on the oldest and on the current Node", () => load(rest));

  test.runIf(testing.length > 0)("loads what tests import once the test tools are there", async () => {
    const optional = Object.keys(manifest.peerDependenciesMeta ?? {}).filter((name) =>
      testTools.includes(name),
    );
    const versions = optional.map((name) => `${name}@${installedVersion(name)}`);
    await runOrThrow("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...versions], {
      cwd: folder,
    });
    await load(testing);
  });

  test("starts each command with a shebang", () => {
    for (const file of Object.values(manifest.bin ?? {})) {
      expect(readFileSync(join(installed, file), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    }
  });

  test("resolves its types in a strict nodenext project", async () => {
    const imports = importPaths(manifest).map(
      (path, i) => `import * as m${i} from "${path}";\nvoid m${i};\n`,
    );
    writeFileSync(join(folder, "use.ts"), imports.join(""));
    const compilerOptions = {
      module: "nodenext",
      target: "es2023",
      strict: true,
      noEmit: true,
      types: ["node"],
      typeRoots: [join(workspaceRoot, "node_modules/@types")],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
    const { stdout } = await runCommand(join(tools, "tsc"), ["--pretty", "false", "-p", "."], {
      cwd: folder,
    });
    // The declarations of vendors are their own affair.
    const ours = stdout
      .split("\n")
      .filter((line) => /^(use\.ts|node_modules\/(@agentwerk|agentwerk)\/)/.test(line));
    expect(ours).toEqual([]);
  });

  test("leaves publint nothing to say", async () => {
    const { code, stdout, stderr } = await runCommand(join(tools, "publint"), ["run", "--strict", tarball], {
      cwd: folder,
    });
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toContain("All good");
  });

  test("has the types right for ES module importers", async () => {
    const options = [
      "--profile",
      "esm-only",
      "--format",
      "ascii",
      "--no-color",
      "--no-emoji",
      "--no-definitely-typed",
    ];
    const { code, stdout, stderr } = await runCommand(join(tools, "attw"), [tarball, ...options], {
      cwd: folder,
    });
    expect(code, stdout + stderr).toBe(0);
  });
});

/** Node 22 calls its SQLite experimental on standard error. */
function withoutSqliteWarning(stderr: string): string {
  return stderr.replace(/^.*ExperimentalWarning: SQLite.*\n.*--trace-warnings.*\n/m, "");
}

/** The tarballs of the packages that must stand beside this one, and of those that they in turn need. */
function otherPackages(manifest: PackageManifest): string[] {
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter(
    (name) => manifest.peerDependenciesMeta?.[name]?.optional !== true,
  );
  const names = [...peers, ...Object.keys(manifest.dependencies ?? {})];
  return names.flatMap((name) => {
    const ours = publishedPackages.find((candidate) => candidate.manifest.name === name);
    const tarball = tarballs[name];
    return ours && tarball ? [tarball, ...otherPackages(ours.manifest)] : [];
  });
}

/** Optional peers that only the suites for plugin authors need. */
const testTools = ["fast-check", "vitest"];

function installedVersion(name: string): string {
  const manifest = readFileSync(
    join(workspaceRoot, "packages/core/node_modules", name, "package.json"),
    "utf8",
  );
  return (JSON.parse(manifest) as { version: string }).version;
}

function partition(items: readonly string[], matches: (item: string) => boolean): readonly string[][] {
  return [items.filter(matches), items.filter((item) => !matches(item))];
}
