import { basename } from "node:path";
import type { ToolContext } from "@agentwerk/core";
import { openParent, untilStill } from "../confine/open-inside.ts";
import type { Place, Scope } from "../confine/place.ts";
import { withFileLock } from "./file-lock.ts";
import type { FileTarget } from "./replace-file.ts";

/**
 * Runs `work` on the file that a path leads to, alone in this process, with its folder held open.
 * `work` answers undefined when a link was swapped in, and is run again.
 */
export async function withTarget<Value>(
  { path, scope, context }: { readonly path: string; readonly scope: Scope; readonly context: ToolContext },
  work: (target: FileTarget, place: Place) => Promise<Value>,
): Promise<Value> {
  const { signal } = context;
  return untilStill(path, scope, (place) =>
    withFileLock(place.real, async () => {
      signal.throwIfAborted();
      const folder = await openParent(place);
      if (folder === undefined) return undefined;
      try {
        return await work({ folder, name: basename(place.real), shown: place.shown, signal }, place);
      } finally {
        await folder.close();
      }
    }),
  );
}
