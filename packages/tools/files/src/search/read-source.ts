import { join } from "node:path";
import { openFile } from "../confine/open-inside.ts";
import type { Scope } from "../confine/place.ts";
import { sniff, sniffLength } from "../text/sniff.ts";
import { readBytes } from "../text/text-file.ts";

/**
 * A found file's text, read anew from inside the scope; undefined when it is not there any more, is no text, is too
 * large, or is reached through a link.
 */
export async function readSource(
  name: string,
  {
    folder,
    scope,
    signal,
    maxBytes,
  }: {
    readonly folder: string;
    readonly scope: Scope;
    readonly signal: AbortSignal;
    readonly maxBytes: number;
  },
): Promise<string | undefined> {
  try {
    const path = join(folder, name);
    const { handle, place } = await openFile(path, scope);
    try {
      const { size } = await handle.stat();
      if (place.real !== path || size > maxBytes) return undefined;
      const bytes = await readBytes(handle, { shown: name, signal });
      const content = sniff(bytes.subarray(0, sniffLength));
      const encoding = content.kind === "text" ? content.encoding : "utf-8";
      return new TextDecoder(encoding).decode(bytes);
    } finally {
      await handle.close();
    }
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
