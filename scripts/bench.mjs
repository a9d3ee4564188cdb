// npm run bench [-- args]: the benchmarks measure the built packages, as users run them.
import { join } from "node:path";
import { runProgram } from "./lib/processes.mjs";
import { build, install, root, toolEnvironment } from "./lib/workspace.mjs";

await install();
await build("@agentwerk/bench^...");
await runProgram("node", [join(root, "bench/src/main.ts"), ...process.argv.slice(2)], {
  env: toolEnvironment(),
});
