import { existsSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { publishedPackages, rootManifest, workspaceRoot } from "../support/workspace-packages.ts";
import type { Example } from "./extract-examples.ts";
import { extractExamples } from "./extract-examples.ts";

export const examplesFolder: string = join(workspaceRoot, ".cache/examples");

const pages = ["*.md", "docs/**/*.md", "packages/**/README.md", "use-cases/*/README.md", "bench/README.md"];

/** All examples of all pages. */
export function readExamples(): { examples: Example[]; problems: string[] } {
  const found = pages
    .flatMap((pattern) => globSync(pattern, { cwd: workspaceRoot, exclude: ["**/node_modules/**"] }))
    .sort()
    .map((page) => extractExamples(page, readFileSync(join(workspaceRoot, page), "utf8")));
  return { examples: found.flatMap((p) => p.examples), problems: found.flatMap((p) => p.problems) };
}

/** The file of an example; its lines are those of the page. */
export function fileOf({ page, line }: Example): string {
  return `${page.replace(/\.md$/, "").replaceAll("/", "-").toLowerCase()}-${line}.ts`;
}

/** A project with the examples as its files, in which every package of the workspace is installed as its users see it. */
export function writeExamplesWorkspace(examples: readonly Example[]): void {
  rmSync(examplesFolder, { recursive: true, force: true });
  mkdirSync(examplesFolder, { recursive: true });
  for (const example of examples) {
    const atItsLine = "\n".repeat(example.line - 1) + example.code;
    writeFileSync(join(examplesFolder, fileOf(example)), atItsLine);
  }
  const manifest = {
    name: "examples",
    private: true,
    type: "module",
    description: "A project that uses agentwerk",
  };
  writeFileSync(join(examplesFolder, "package.json"), JSON.stringify(manifest));
  const compilerOptions = {
    module: "nodenext",
    target: "es2023",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    moduleDetection: "force",
    types: ["node"],
  };
  writeFileSync(
    join(examplesFolder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, include: ["*.ts"] }),
  );
  linkPackages();
}

function linkPackages(): void {
  const links = new Map<string, string>();
  for (const name of Object.keys(rootManifest.devDependencies ?? {})) links.set(name, `node_modules/${name}`);
  for (const { folder, manifest } of publishedPackages) {
    const used = { ...manifest.dependencies, ...manifest.devDependencies };
    for (const name of Object.keys(used)) links.set(name, `${folder}/node_modules/${name}`);
  }
  for (const { folder, manifest } of publishedPackages) links.set(manifest.name, folder);
  for (const [name, target] of links) {
    const link = join(examplesFolder, "node_modules", name);
    if (!existsSync(join(workspaceRoot, target))) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(workspaceRoot, target), link, "junction");
  }
}
