import { AgentwerkError, type ErrorCode } from "../../errors/agentwerk-error.ts";
import { causesOf } from "../../errors/causes-of.ts";
import { toErrorMessage } from "../../errors/to-error-message.ts";

/** Primary result codes, see https://www.sqlite.org/rescode.html; the low byte of an extended code. */
const resultCodes = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/** The primary result code of an error that SQLite reported. */
function resultCodeOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}

export function isSqliteError(error: unknown): boolean {
  return resultCodeOf(error) !== undefined;
}

/** Another connection holds the lock that we need: worth another try. */
export function isBusy(error: unknown): boolean {
  const code = resultCodeOf(error);
  return code === resultCodes.busy || code === resultCodes.locked;
}

/** SQLite may not make, or write to, the files that it keeps beside the database; also as the cause of an error of ours. */
export function isUnwritable(error: unknown): boolean {
  const codes = causesOf(error).map(resultCodeOf);
  return codes.includes(resultCodes.readOnly) || codes.includes(resultCodes.cannotOpen);
}

/** Says what went wrong with the file at `path`, and what to do next. */
export function toStoreError(error: unknown, path: string): AgentwerkError {
  if (AgentwerkError.isInstance(error)) return error;
  const reason = toErrorMessage(error);
  switch (resultCodeOf(error)) {
    case resultCodes.busy:
    case resultCodes.locked:
      return storeError(
        "store_busy",
        `${path} stayed locked by another process. Nothing was written; try again.`,
        error,
      );
    case resultCodes.full:
      return storeError(
        "store_full",
        `No space left for ${path} (${reason}). Nothing was written; free some space and try again.`,
        error,
      );
    case resultCodes.corrupt:
    case resultCodes.notADatabase:
      return storeError(
        "store_corrupt",
        `${path} is damaged or no SQLite database (${reason}). Restore it from a backup, or move it away to start with an empty store.`,
        error,
      );
    default:
      return storeError(
        "store_unavailable",
        `${path} cannot be used: ${reason}. Check that its directory exists, can be written and is on a local disk.`,
        error,
      );
  }
}

function storeError(code: ErrorCode, message: string, cause: unknown): AgentwerkError {
  return new AgentwerkError({ code, message, cause });
}
