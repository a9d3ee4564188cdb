import { AgentwerkError, toErrorMessage } from "@agentwerk/core";
import { CommanderError } from "@commander-js/extra-typings";
import { sanitizeLine } from "../show/sanitize.ts";
import { openTerminal } from "../show/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import { quietWarnings } from "./quiet-warnings.ts";
import { UsageError } from "./usage-error.ts";

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
    complain(error, globals().verbose === true);
    return exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return exitCodes.usage;
  const isInput =
    AgentwerkError.isInstance(error) && ["invalid_input", "invalid_schema"].includes(error.code);
  return isInput ? exitCodes.usage : exitCodes.failed;
}

function complain(error: unknown, isVerbose: boolean): void {
  const isOurs = error instanceof UsageError || AgentwerkError.isInstance(error);
  const hint = isOurs || isVerbose ? "" : " (--verbose shows where)";
  process.stderr.write(`agentwerk: ${sanitizeLine(toErrorMessage(error))}${hint}\n`);
  for (let cause = error; isVerbose && cause instanceof Error; cause = cause.cause) {
    process.stderr.write(`${cause.stack ?? cause.message}\n`);
  }
}

/** `… | head` closes the pipe early; that is no error of ours. */
function endQuietlyWithoutReader(stream: NodeJS.WriteStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(exitCodes.failed);
  });
}
