import { CommanderError } from "@commander-js/extra-typings";
import { openTerminal } from "../show/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import { quietWarnings } from "./quiet-warnings.ts";

/** Runs a command line and resolves with its exit code; what goes wrong is told in one line on standard error. */
export async function runCli(argv: readonly string[]): Promise<ExitCode> {
  quietWarnings();
  endQuietlyWithoutReader(process.stdout);
  endQuietlyWithoutReader(process.stderr);
  let code: ExitCode = exitCodes.ok;
  const { program, globals } = createProgram(async (action) => {
    const context: CommandContext = {
      out: openTerminal(process.stdout),
      log: openTerminal(process.stderr),
      globals: globals(),
    };
    code = await action(context);
  });
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: "user" });
    return code;
  } catch (error) {
    // The program has written what there is to say: help, the version, or what is wrong with the line.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const { reportFailure } = await import("./report-failure.ts");
    return reportFailure(error, { isVerbose: globals().verbose === true });
  }
}

/** `… | head` closes the pipe early; that is no error of ours. */
function endQuietlyWithoutReader(stream: NodeJS.WriteStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(exitCodes.failed);
  });
}
