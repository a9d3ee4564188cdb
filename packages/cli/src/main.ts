#!/usr/bin/env node
import { endOnSignals } from "./cli/end-on-signals.ts";
import { explainOldNode } from "./cli/explain-old-node.ts";

endOnSignals();
// Everything else is loaded after the check: an older Node fails on its imports with a page of text.
const problem = explainOldNode(process.versions.node);
if (problem === undefined) {
  // Compiled code is kept in the system's temporary folder: the second start takes half the time.
  const { enableCompileCache } = await import("node:module");
  enableCompileCache();
  const { runCli } = await import("./cli/run-cli.ts");
  process.exitCode = await runCli(process.argv.slice(2));
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
