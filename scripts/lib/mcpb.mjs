// What the bundle for Claude Desktop is made of: the command line with all it needs, installed from packed packages.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.mjs";

/** By folder. None has programs for one platform only, so the bundle runs on all. */
const bundled = {
  agentwerk: "cli",
  "@agentwerk/core": "core",
  "@agentwerk/mcp": "mcp",
  "@agentwerk/providers": "providers/env",
  "@agentwerk/anthropic": "providers/anthropic",
  "@agentwerk/openai": "providers/openai",
  "@agentwerk/mistral": "providers/mistral",
  "@agentwerk/tools-web": "tools/web",
  "@agentwerk/knowledge-markdown": "knowledge/markdown",
};

/** Packs what the bundle holds; answers the tarball of each package. */
export function packPackages({ folder, env }) {
  mkdirSync(folder, { recursive: true });
  const pack = (place) =>
    run("pnpm", ["pack", "--json", "--pack-destination", folder], {
      cwd: join(root, "packages", place),
      env,
    });
  return Object.fromEntries(
    Object.entries(bundled).map(([name, place]) => [name, JSON.parse(pack(place)).filename]),
  );
}

/** Puts the bundle together in `folder`, checks its manifest and writes it to `file`. */
export function makeBundle({ folder, tarballs, file, env }) {
  const server = join(folder, "server");
  mkdirSync(server, { recursive: true });
  writeFileSync(join(server, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const sources = Object.keys(bundled).map((name) => tarballs[name]);
  run(
    "npm",
    ["install", "--no-audit", "--no-fund", "--prefer-offline", "--omit=dev", "--ignore-scripts", ...sources],
    {
      cwd: server,
      env,
    },
  );
  copyFileSync(join(root, "scripts/mcpb/agentwerk.config.js"), join(server, "agentwerk.config.js"));
  const manifest = JSON.parse(readFileSync(join(root, "scripts/mcpb/manifest.json"), "utf8"));
  const { version } = JSON.parse(readFileSync(join(root, "packages/cli/package.json"), "utf8"));
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify({ ...manifest, version }, undefined, 2)}\n`);
  run("mcpb", ["validate", join(folder, "manifest.json")], { cwd: folder, env });
  run("mcpb", ["pack", folder, file], { cwd: folder, env });
}

function run(command, args, options) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    ...options,
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(" ")} ended with ${status ?? error?.message}:\n${stdout}${stderr}`);
}
