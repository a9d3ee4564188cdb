// npm run use-case -- <name> [args]: builds what the use case needs and runs it in the folder of the caller.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "./lib/processes.mjs";
import { build, install, root, toolEnvironment } from "./lib/workspace.mjs";

const folder = join(root, "use-cases");
const names = readdirSync(folder)
  .filter((name) => existsSync(join(folder, name, "package.json")) && manifestOf(name).bin !== undefined)
  .sort();
const [name, ...args] = process.argv.slice(2);

if (!names.includes(name)) {
  const problem = name === undefined ? "Which use case?" : `There is no use case "${name}".`;
  console.error(`${problem} Choose one: npm run use-case -- <${names.join(" | ")}> [args]`);
  process.exit(2);
}

const manifest = manifestOf(name);
const [program] = Object.values(manifest.bin);

await install();
await build(manifest.name);
await runProgram(join(root, "node_modules", ".bin", "node"), [join(folder, name, program), ...args], {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  env: toolEnvironment(),
});

function manifestOf(name) {
  return JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8"));
}
