// node scripts/run.mjs <tool> [args]: runs a tool of the workspace with Node 24, installed first if need be.
import { runProgram } from "./lib/processes.mjs";
import { install, root, toolEnvironment } from "./lib/workspace.mjs";

const [tool, ...args] = process.argv.slice(2);
await install();
await runProgram(tool, args, { cwd: root, env: toolEnvironment() });
