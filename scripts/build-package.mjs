// Builds the package in the working directory into dist/. Its package.json tells what to build: every export with the
// condition @agentwerk/source, and every bin. JavaScript comes from tsup and declarations from tsc, because the
// declarations of tsup need a compiler API that TypeScript 7 does not have.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "tsup";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const exported = Object.values(manifest.exports ?? {}).flatMap((target) => target["@agentwerk/source"] ?? []);
const bins = Object.values(manifest.bin ?? {}).map((file) => file.replace("/dist/", "/src/").replace(/\.js$/, ".ts"));
const sources = [...exported, ...bins].map((file) => file.replace(/^\.\/src\//, ""));

await build({
  config: false,
  entry: Object.fromEntries(sources.map((file) => [file.replace(/\.ts$/, ""), `src/${file}`])),
  format: "esm",
  target: "node22",
  platform: "node",
  clean: true,
  splitting: true,
  dts: false,
  sourcemap: false,
  // node:sqlite and node:test exist only with the prefix.
  removeNodeProtocol: false,
  silent: true,
});

if (existsSync("tsconfig.build.json")) {
  const tsc = spawnSync("tsc", ["-p", "tsconfig.build.json"], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (tsc.status !== 0) process.exit(tsc.status ?? 1);
  nameDeclarationsInImports();
}

/** `tsc` leaves `./x.ts` in the imports of declarations; the published file is `x.d.ts`, known to all as `./x.js`. */
function nameDeclarationsInImports() {
  for (const file of readdirSync("dist", { recursive: true })) {
    if (!file.endsWith(".d.ts")) continue;
    const path = join("dist", file);
    const text = readFileSync(path, "utf8");
    const rewritten = text.replace(/((?:\bfrom|\bimport)\s*\(?\s*")(\.{1,2}\/[^"]+)\.ts"/g, '$1$2.js"');
    if (rewritten !== text) writeFileSync(path, rewritten);
  }
}
