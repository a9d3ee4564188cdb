#!/usr/bin/env node
import { explainOldNode } from "@agentwerk/use-cases-shared/explain-old-node";

// Everything else is loaded after the check: an older Node fails on its imports with a page of text.
const problem = explainOldNode("divide-and-conquer", process.versions.node);
if (problem === undefined) {
  const { runCli } = await import("./cli/run-cli.ts");
  process.exitCode = await runCli(process.argv.slice(2));
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
