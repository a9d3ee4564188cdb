import type { Tool } from "@agentwerk/core";
import { editFile } from "./edit-file.ts";
import { glob } from "./glob.ts";
import { grep } from "./grep.ts";
import { listDirectory } from "./list-directory.ts";
import { type ReadFileOptions, readFile } from "./read-file.ts";
import { writeFile } from "./write-file.ts";

export interface FileToolsOptions extends ReadFileOptions {
  /** Only the tools that change nothing. */
  readonly readOnly?: boolean | undefined;
}

/** All file tools: `read_file`, `write_file`, `edit_file`, `glob`, `list_directory` and `grep`. */
export function fileTools({ readOnly = false, ...options }: FileToolsOptions = {}): readonly Tool[] {
  const { roots } = options;
  const writing = readOnly ? [] : [writeFile({ roots }), editFile({ roots })];
  return [readFile(options), ...writing, glob({ roots }), listDirectory({ roots }), grep({ roots })];
}
