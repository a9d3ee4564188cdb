import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";

const manifest = z.object({ bin: z.record(z.string(), z.string()) });

/** A server from npm by the URL of its package.json, run by this Node rather than through a shim. */
export function npmServer(
  url: string,
  ...args: readonly string[]
): { readonly command: string; readonly args: readonly string[] } {
  const path = fileURLToPath(url);
  const { bin } = manifest.parse(JSON.parse(readFileSync(path, "utf8")));
  const [file = ""] = Object.values(bin);
  return { command: process.execPath, args: [join(dirname(path), file), ...args] };
}
