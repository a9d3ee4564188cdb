import { AgentwerkError, causesOf } from "@agentwerk/core";
import { sanitizeLine } from "../show/sanitize.ts";
import { describeSystemError } from "./describe-system-error.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { failureText } from "./failure-text.ts";
import { UsageError } from "./usage-error.ts";

/** Tells what went wrong in one line on standard error, with `--verbose` also where; answers the exit code. */
export function reportFailure(error: unknown, { isVerbose }: { readonly isVerbose: boolean }): ExitCode {
  const isOurs =
    describeSystemError(error) !== undefined ||
    error instanceof UsageError ||
    AgentwerkError.isInstance(error);
  const hint = isOurs || isVerbose ? "" : " (--verbose shows where)";
  process.stderr.write(`agentwerk: ${sanitizeLine(failureText(error))}${hint}\n`);
  for (const cause of isVerbose ? causesOf(error) : []) {
    if (cause instanceof Error) process.stderr.write(`${cause.stack ?? cause.message}\n`);
  }
  return exitCodeOf(error);
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return exitCodes.usage;
  const isInput =
    AgentwerkError.isInstance(error) && ["invalid_input", "invalid_schema"].includes(error.code);
  return isInput ? exitCodes.usage : exitCodes.failed;
}
