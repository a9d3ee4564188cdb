/** Runs a command in the given folder that does not end, says so there, and exits when it is told to. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "@agentwerk/core/testing";
import { bash } from "../bash.ts";

const [, , dir = ""] = process.argv;
const command = "echo $$ > shell; sleep 300 & echo $! > child; wait";
void runTool(bash({ unrestricted: true }), { command }, { dir });
setInterval(() => {
  if (existsSync(join(dir, "child"))) writeFileSync(join(dir, "seen"), "");
}, 20);
process.stdin.once("data", () => process.exit());
