import { openProject, type Project } from "../config/project.ts";
import type { Terminal } from "../show/terminal.ts";
import type { ExitCode } from "./exit-codes.ts";

/** Options of every command. */
export interface GlobalOptions {
  readonly config?: string | undefined;
  readonly verbose?: boolean | undefined;
}

/** What a command has of the world. */
export interface CommandContext {
  /** Standard output: what was asked for. */
  readonly out: Terminal;
  /** Standard error: what goes on meanwhile. */
  readonly log: Terminal;
  readonly globals: GlobalOptions;
}

/** Registers what a command does: loaded and run once its line was understood. */
export type Perform = (action: (context: CommandContext) => Promise<ExitCode>) => Promise<void>;

export function openProjectOf({ globals }: CommandContext): Promise<Project> {
  return openProject({ config: globals.config });
}
