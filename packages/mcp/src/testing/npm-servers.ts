import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require: NodeJS.Require = createRequire(import.meta.url);

/** Command and arguments of a server from npm, run by this Node rather than through a shim. */
export function npmServer(
  name: string,
  ...args: readonly string[]
): { readonly command: string; readonly args: readonly string[] } {
  const manifest: unknown = require(`${name}/package.json`);
  const bin = typeof manifest === "object" && manifest !== null && "bin" in manifest ? manifest.bin : {};
  const [file] = Object.values(bin as Record<string, string>);
  const root = dirname(require.resolve(`${name}/package.json`));
  return { command: process.execPath, args: [join(root, file ?? ""), ...args] };
}
