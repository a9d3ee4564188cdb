import type { ShellWord } from "./shell-word.ts";

/** A command with its arguments, wherever it stood: in a pipeline, a loop, a substitution. */
export interface SimpleCommand {
  /** `NAME=value` in front of the command. */
  readonly assignments: readonly string[];
  readonly words: readonly ShellWord[];
}

/** A file that a redirection opens. */
export interface RedirectedFile {
  readonly path: string;
  readonly mode: "read" | "write";
}

/** A command line taken apart, and put together again from nothing but the parts that were understood. */
export interface CompiledCommand {
  /** What bash runs. It is printed from `commands` and `files`, so bash cannot read anything else into it. */
  readonly script: string;
  readonly commands: readonly SimpleCommand[];
  readonly files: readonly RedirectedFile[];
  /** Functions that the command line defines. */
  readonly functions: readonly string[];
}
