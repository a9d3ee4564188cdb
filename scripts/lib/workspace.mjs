// Brings the workspace from a fresh clone to the point where its tools run. Plain JavaScript without dependencies,
// because it runs before anything is installed, on the Node that the user has (20 or later).
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { capture, runQuietly } from "./processes.mjs";

export const root = fileURLToPath(new URL("../../", import.meta.url));

const binaries = join(root, "node_modules", ".bin");
const stampFile = join(root, "node_modules", ".agentwerk-install.json");
const pnpm = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).packageManager;

/** Installs what the lock file says, unless exactly that was installed before. */
export async function install() {
  requireNode(20);
  const wanted = installationHash();
  if (readStamp()?.hash === wanted && existsSync(join(binaries, "node"))) return;
  await runQuietly("npx", ["-y", pnpm, "install", "--frozen-lockfile", "--reporter=append-only"], {
    label: "Installing dependencies",
    cwd: root,
  });
  const path = await capture("npx", ["-y", "-p", pnpm, "-c", "node -p process.env.PATH"], { cwd: root });
  const pnpmFolder = path.split(delimiter).find((folder) => existsSync(join(folder, "pnpm")));
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, JSON.stringify({ hash: wanted, pnpmFolder }));
}

/** Builds the packages that a turbo filter names, with all they depend on; without a filter, everything. */
export async function build(...filters) {
  await runQuietly(
    "turbo",
    ["run", "build", "--output-logs=errors-only", ...filters.map((f) => `--filter=${f}`)],
    {
      label: "Building",
      cwd: root,
      env: toolEnvironment(),
    },
  );
}

/** The environment in which the tools of the workspace are found: Node 24 first, then pnpm for turbo. */
export function toolEnvironment() {
  const folders = [binaries, readStamp()?.pnpmFolder, process.env.PATH].filter(Boolean);
  return {
    ...process.env,
    PATH: folders.join(delimiter),
    TURBO_TELEMETRY_DISABLED: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
  };
}

function requireNode(oldest) {
  if (Number.parseInt(process.versions.node, 10) >= oldest) return;
  console.error(
    `Node ${process.versions.node} is too old for this workspace: install Node ${oldest} or later.`,
  );
  process.exit(1);
}

function readStamp() {
  try {
    const stamp = JSON.parse(readFileSync(stampFile, "utf8"));
    // npx may have cleaned its cache since.
    return stamp.pnpmFolder && existsSync(stamp.pnpmFolder) ? stamp : undefined;
  } catch {
    return undefined;
  }
}

function installationHash() {
  const hash = createHash("sha256");
  hash.update(`${process.platform} ${process.arch}`);
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests()]) {
    hash.update(file);
    hash.update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

function manifests() {
  const folders = ["packages", "use-cases", "bench"].flatMap((folder) => [folder, ...subfolders(folder)]);
  const nested = folders.filter((folder) => folder.startsWith("packages/")).flatMap(subfolders);
  return ["package.json", ...[...folders, ...nested].map((folder) => `${folder}/package.json`)]
    .filter((file) => existsSync(join(root, file)))
    .sort();
}

function subfolders(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["node_modules", "src", "dist"].includes(entry.name))
    .map((entry) => `${folder}/${entry.name}`);
}
