import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "./config-error.ts";

/** In the order in which they are looked for within a folder. */
const configNames: readonly string[] = [
  "agentwerk.config.ts",
  "agentwerk.config.mts",
  "agentwerk.config.js",
  "agentwerk.config.mjs",
  "agentwerk.config.json",
];

/**
 * The configuration that was named, by itself or by its folder, else the next one in `cwd` or a folder above it.
 * @throws ConfigError when the named one is not there.
 */
export function findConfig({
  cwd,
  named,
}: {
  readonly cwd: string;
  readonly named: string | undefined;
}): string | undefined {
  if (named !== undefined) {
    const path = resolve(cwd, named);
    const stats = statSync(path, { throwIfNoEntry: false });
    const file = stats?.isDirectory() ? configIn(path) : stats && path;
    if (file !== undefined) return file;
    const where = stats === undefined ? "" : " in the folder";
    throw new ConfigError(
      `There is no configuration${where} ${named}; leave --config out to look for one upwards.`,
    );
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = configIn(folder);
    if (path !== undefined || dirname(folder) === folder) return path;
  }
}

function configIn(folder: string): string | undefined {
  const name = configNames.find((candidate) => existsSync(join(folder, candidate)));
  return name === undefined ? undefined : join(folder, name);
}
