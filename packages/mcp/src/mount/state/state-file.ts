import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import { isStdio, type ServerConfig } from "../config/server-config.ts";

/** Where pins and tokens are kept unless the user names a directory. */
export function defaultStateDir(env: NodeJS.ProcessEnv): string {
  const { XDG_CONFIG_HOME, HOME } = env;
  const base = XDG_CONFIG_HOME || join(HOME || homedir(), ".config");
  return join(base, "agentwerk", "mcp");
}

/**
 * The name of a server's files: its key, and a hash of what is started or reached, so that another server under the same
 * key has files of its own.
 */
export function stateFileName(server: string, config: ServerConfig): string {
  const identity = isStdio(config) ? [config.command, ...(config.args ?? [])] : [config.url];
  const hash = createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 16);
  return `${server.replaceAll(/[^A-Za-z0-9_-]/g, "_").slice(0, 60)}-${hash}.json`;
}
