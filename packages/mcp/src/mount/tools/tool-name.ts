import { createHash } from "node:crypto";

/** What every vendor takes. */
const longestName = 64;

/**
 * The name of a server's tool for models: `<server>__<tool>` in letters, digits, `_` and `-`. A name that had to be
 * cut, or that another tool has taken, ends in a hash of the original.
 */
export function toToolName(
  { server, tool }: { readonly server: string; readonly tool: string },
  isTaken: (name: string) => boolean,
): string {
  const plain = `${toPlain(server)}__${toPlain(tool)}`;
  if (plain.length <= longestName && !isTaken(plain)) return plain;
  const hash = createHash("sha256")
    .update(JSON.stringify([server, tool]))
    .digest("hex")
    .slice(0, 8);
  return `${plain.slice(0, longestName - hash.length - 1)}_${hash}`;
}

function toPlain(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, "_");
}
