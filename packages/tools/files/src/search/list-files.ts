import type { OpenFolder } from "../confine/open-inside.ts";
import { ignoreArguments, notGit } from "./ignore-rules.ts";
import { type RipgrepOutput, ripgrep } from "./ripgrep.ts";

export interface ListFilesOptions {
  readonly ignored: boolean;
  readonly signal: AbortSignal;
  /** Further arguments for ripgrep. */
  readonly args?: readonly string[];
}

/** All regular files beneath a folder, by their paths from it, in no order. Links are not followed. */
export async function listFiles(
  folder: OpenFolder,
  { ignored, signal, args = [] }: ListFilesOptions,
): Promise<{ readonly paths: readonly string[]; readonly problems: readonly string[] }> {
  const rules = await ignoreArguments(folder.real, { ignored });
  const output = await ripgrep({
    args: ["--files", "--null", ...rules, ...args, ...notGit],
    cwd: folder.cwd,
    signal,
  });
  return { paths: splitNames(output), problems: output.problems };
}

/** Names that were separated by NUL characters. */
export function splitNames({ stdout, isCut }: Pick<RipgrepOutput, "stdout" | "isCut">): string[] {
  const names = stdout.toString("utf8").split("\0");
  // What follows the last NUL is nothing, or a name that was cut.
  names.pop();
  return isCut ? names.slice(0, -1) : names;
}
