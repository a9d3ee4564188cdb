// npm run docs: the API reference of every published package, from the declarations of the build, in .cache/api. TypeDoc
// needs the compiler's API, which TypeScript 7 does not have, so that it comes with a TypeScript 6 of its own, through npx.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { runQuietly } from "./lib/processes.mjs";
import { build, install, root, toolEnvironment } from "./lib/workspace.mjs";

const typedoc = "typedoc@0.28.20";
const typescript = "typescript@6.0.3";

await install();
await build();

const work = join(root, ".cache/docs");
const out = join(root, ".cache/api");
rmSync(work, { recursive: true, force: true });
rmSync(out, { recursive: true, force: true });

/** A module for each import path, so that the reference is ordered by what users write. */
const entries = publishedFolders().flatMap((folder) => {
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  return Object.entries(manifest.exports ?? {}).flatMap(([path, target]) =>
    target.types === undefined
      ? []
      : [{ name: manifest.name + path.slice(1), types: join(root, folder, target.types) }],
  );
});
for (const { name, types } of entries) {
  const file = join(work, `${name}.ts`);
  const from = relative(dirname(file), types).replace(/\.d\.ts$/, ".js");
  write(file, `export * from ${JSON.stringify(from)};\n`);
}

write(
  join(work, "tsconfig.json"),
  JSON.stringify({
    compilerOptions: {
      target: "es2024",
      lib: ["es2024", "esnext.disposable"],
      module: "nodenext",
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
      strict: true,
      skipLibCheck: true,
      noEmit: true,
    },
    include: ["**/*.ts"],
  }),
);
write(
  join(work, "typedoc.json"),
  JSON.stringify({
    name: "agentwerk",
    entryPoints: entries.map(({ name }) => `${name}.ts`),
    tsconfig: "tsconfig.json",
    // Its links lead to folders of the repository, which the reference does not hold.
    readme: "none",
    out,
    disableSources: true,
    excludePrivate: true,
    excludeInternal: true,
    githubPages: false,
    validation: { notExported: false, invalidLink: true, notDocumented: false },
  }),
);
await runQuietly("npx", ["-y", "-p", typedoc, "-p", typescript, "typedoc", "--options", "typedoc.json"], {
  label: "Writing the reference",
  cwd: work,
  env: toolEnvironment(),
});
console.log(`The reference of ${entries.length} modules is in ${relative(root, join(out, "index.html"))}`);

/** Folders of published packages: packages/<name> and packages/<kind>/<name>. */
function publishedFolders() {
  const inner = (folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
  const isPackage = (folder) => existsSync(join(root, folder, "package.json"));
  const folders = inner("packages").flatMap((folder) => (isPackage(folder) ? [folder] : inner(folder)));
  return folders.filter(
    (folder) =>
      isPackage(folder) &&
      JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")).private !== true,
  );
}

function write(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
