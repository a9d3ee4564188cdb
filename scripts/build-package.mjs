// Builds the package in the working directory into dist/. Its package.json tells what to build: every export with the
// condition @agentwerk/source, and every bin; and each src/*.worker.ts is a file of its own, for threads to start, that
// is not exported. JavaScript comes from tsup and declarations from tsc, because the
// declarations of tsup need a compiler API that TypeScript 7 does not have.
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const exported = Object.values(manifest.exports ?? {}).flatMap((target) => target["@agentwerk/source"] ?? []);
const bins = Object.values(manifest.bin ?? {}).map((file) =>
  file.replace("/dist/", "/src/").replace(/\.js$/, ".ts"),
);
const workers = globSync("src/*.worker.ts");
const sources = [...exported, ...bins, ...workers].map((file) => file.replace(/^(?:\.\/)?src\//, ""));

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
  // Otherwise a dev dependency that the code imports by mistake would be copied in, and nobody would notice.
  skipNodeModulesBundle: true,
  // node:sqlite and node:test exist only with the prefix.
  removeNodeProtocol: false,
  silent: true,
});

if (exported.length > 0) {
  // Only what the exports reach is declared, so that no test and no helper of tests is published.
  const project = ".turbo/tsconfig.json";
  mkdirSync(".turbo", { recursive: true });
  writeFileSync(project, JSON.stringify(declarationProject(exported)));
  const tsc = spawnSync("tsc", ["-p", project], { stdio: "inherit" });
  if (tsc.status !== 0) process.exit(tsc.status ?? 1);
  nameDeclarationsInImports();
}

function declarationProject(files) {
  return {
    extends: fileURLToPath(new URL("../tsconfig.base.json", import.meta.url)),
    compilerOptions: {
      noEmit: false,
      emitDeclarationOnly: true,
      stripInternal: true,
      // Other packages are seen as their users see them: through their declarations.
      customConditions: [],
      rootDir: resolve("src"),
      outDir: resolve("dist"),
    },
    files: files.map((file) => resolve(file)),
  };
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
