import { AgentwerkError, toErrorMessage } from "@agentwerk/core";
import { ConfigError } from "../config/config-error.ts";
import { describeSystemError } from "./describe-system-error.ts";

/** What went wrong, on one line: a cause is added where the message does not say it already. */
export function failureText(error: unknown): string {
  const isWhole =
    error instanceof ConfigError || (AgentwerkError.isInstance(error) && error.code === "missing_dependency");
  return describeSystemError(error) ?? (isWhole ? error.message : toErrorMessage(error));
}
