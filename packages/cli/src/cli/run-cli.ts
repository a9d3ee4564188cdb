import { CommanderError } from "@commander-js/extra-typings";
import { openTerminal } from "../show/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import { quietWarnings } from "./quiet-warnings.ts";

/** Runs a command line and resolves with its exit code; what goes wrong is told in one line on standard error. */
export async function runCli(argv: readonly string[]): Promise<ExitCode> {
  quietWarnings();
  endWithoutReader(process.stdout);
  endWithoutReader(process.stderr);
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

/**
 * `… | head` closes the pipe early; that is no error of ours. A terminal that was closed takes no more, and SIGHUP tells so.
 */
function endWithoutReader(stream: NodeJS.WriteStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EIO" && stream.isTTY) return;
    if (error.code !== "EPIPE" && stream === process.stdout) {
      process.stderr.write(`agentwerk: Standard output cannot be written: ${error.message}\n`);
    }
    process.exit(exitCodes.failed);
  });
}
