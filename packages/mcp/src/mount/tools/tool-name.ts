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
  // A server can name one tool as the hash makes of another.
  for (let attempt = 0; ; attempt++) {
    const original = attempt === 0 ? [server, tool] : [server, tool, attempt];
    const hash = createHash("sha256").update(JSON.stringify(original)).digest("hex").slice(0, 8);
    const name = `${plain.slice(0, longestName - hash.length - 1)}_${hash}`;
    if (!isTaken(name)) return name;
  }
}

function toPlain(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, "_");
}
