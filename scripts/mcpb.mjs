// npm run mcpb [-- <file>]: the bundle for Claude Desktop, checked by the official tool. dist/agentwerk.mcpb unless told.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { makeBundle, packPackages } from "./lib/mcpb.mjs";
import { build, install, root, toolEnvironment } from "./lib/workspace.mjs";

await install();
await build();
const file = resolve(process.argv[2] ?? join(root, "dist", "agentwerk.mcpb"));
mkdirSync(dirname(file), { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "agentwerk-mcpb-"));
try {
  const env = toolEnvironment();
  const tarballs = packPackages({ folder: join(folder, "packs"), env });
  makeBundle({ folder: join(folder, "bundle"), tarballs, file, env });
  console.log(`Wrote ${file}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
