import { AgentwerkError, toErrorMessage } from "@agentwerk/core";
import { ConfigError } from "../config/config-error.ts";
import { describeSystemError } from "./describe-system-error.ts";

/** What went wrong, on one line: a cause is added where the message does not say it already. */
export function failureText(error: unknown): string {
  const isWhole =
    error instanceof ConfigError || (AgentwerkError.isInstance(error) && error.code === "missing_dependency");
  const text = describeSystemError(error) ?? (isWhole ? error.message : toErrorMessage(error));
  return isReadOnlyStore(error) ? `${text} ${lookingWrites}` : text;
}

const lookingWrites =
  "Looking needs the right to write, too: SQLite keeps its locks beside the file. Without it, copy the folder, and name the copy as dir.";

/** https://www.sqlite.org/rescode.html#readonly */
const sqliteReadOnly = 8;

function isReadOnlyStore(error: unknown): boolean {
  if (!AgentwerkError.isInstance(error) || error.code !== "store_unavailable") return false;
  const { cause } = error;
  if (typeof cause !== "object" || cause === null) return false;
  if ("errcode" in cause && typeof cause.errcode === "number")
    return (cause.errcode & 0xff) === sqliteReadOnly;
  // Of other files, and of a PostgreSQL's socket, this says nothing.
  if (!("path" in cause && /\.db$/.test(String(cause.path)))) return false;
  return "code" in cause && ["EACCES", "EPERM", "EROFS"].includes(String(cause.code));
}
