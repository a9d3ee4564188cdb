// Writes the declarations of the package in the working directory to dist/. `tsc` keeps `./x.ts` in the import paths
// of declarations; the published file is `x.d.ts`, which is found through `./x.js`.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const compiled = spawnSync("tsc", ["-p", "tsconfig.build.json"], {
  stdio: "inherit",
  shell: process.platform === "win32",
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

for (const file of readdirSync("dist", { recursive: true })) {
  if (!file.endsWith(".d.ts")) continue;
  const path = join("dist", file);
  const text = readFileSync(path, "utf8");
  const rewritten = text.replace(/((?:\bfrom|\bimport)\s*\(?\s*")(\.{1,2}\/[^"]+)\.ts"/g, '$1$2.js"');
  if (rewritten !== text) writeFileSync(path, rewritten);
}
