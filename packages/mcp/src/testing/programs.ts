import { fileURLToPath } from "node:url";
import type { StdioServerConfig } from "../mount/config/server-config.ts";

/** A program beside this file, as a server. */
export function program(name: string, ...args: readonly string[]): StdioServerConfig {
  const file = fileURLToPath(new URL(`${name}.program.ts`, import.meta.url));
  return { command: process.execPath, args: ["--conditions=@agentwerk/source", file, ...args] };
}

/** The hostile server with the faults named. */
export function hostile(...faults: readonly string[]): StdioServerConfig {
  return program("hostile-server", ...faults);
}
