/** Takes every file that a process may have, runs a command, frees them, runs it again, and prints what came of it. */
import { closeSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { runTool } from "@agentwerk/core/testing";
import { bash } from "../bash.ts";

const tool = bash({ unrestricted: true });
const run = () => runTool(tool, { command: "echo done" }, { dir: tmpdir() }).catch(String);
await run();
const files: number[] = [];
try {
  for (;;) files.push(openSync("/dev/null", "r"));
} catch {
  // None is left.
}
const without = await run();
for (const file of files) closeSync(file);
console.log(JSON.stringify([without, await run()]));
