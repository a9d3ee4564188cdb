import { AgentwerkError, type ErrorCode, toErrorMessage } from "@agentwerk/core";

/** Five characters, see https://www.postgresql.org/docs/current/errcodes-appendix.html; absent for errors of the connection. */
function sqlStateOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  const { code } = error;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && "severity" in error ? code : undefined;
}

/** What a failed call is about, as far as the caller has to know. */
export type Trouble =
  /** The connection or the server is gone; whether the call took effect is not known. */
  | "connection_lost"
  /** Somebody else was in the way; nothing was written, and the same call may succeed. */
  | "raced"
  /** The same, and what this process knows of a ticket is not the latest. */
  | "outdated"
  /** A text that PostgreSQL cannot hold. */
  | "bad_text"
  | "refused";

/** Raised by our functions: a key was taken at the same moment; a step was applied before. */
const ownRaces: ReadonlySet<string> = new Set(["AW001", "AW002"]);

export function troubleOf(error: unknown): Trouble {
  const state = sqlStateOf(error);
  if (state === undefined)
    return isOfLanguage(error) || remedyOfTls(error) !== undefined ? "refused" : "connection_lost";
  if (ownRaces.has(state)) return "raced";
  if (state === "AW003") return "outdated";
  // Serialization failure, deadlock, a lock that could not be had.
  if (state === "40001" || state === "40P01" || state === "55P03") return "raced";
  if (state === "22021" || state === "22P05") return "bad_text";
  // Connection exceptions, too many connections, shutdown, crash, starting up, not writable after a switch-over, and a
  // transaction of ours in which the server heard nothing from us for too long.
  // PgBouncer tells whatever went wrong between it and the server as 08P01, also in the middle of a write.
  if (state.startsWith("08") && !isUnknownParameter(error)) return "connection_lost";
  if (["53300", "57P01", "57P02", "57P03", "57P05", "25006", "25P03"].includes(state))
    return "connection_lost";
  return "refused";
}

/** Of a question that may be asked any number of times: the connection was lost, or the answer was not there in time. */
export function isPassing(error: unknown): boolean {
  return ["connection_lost", "raced"].includes(troubleOf(error)) || sqlStateOf(error) === "57014";
}

/** Such as a port that is none: no error of the connection, and waiting does not help. */
function isOfLanguage(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof SyntaxError ||
    error instanceof ReferenceError
  );
}

/** A copy, or the old primary of a switch-over: it surely wrote nothing. */
export function isReadOnly(error: unknown): boolean {
  return sqlStateOf(error) === "25006";
}

/** What to do when the server does not prove who it is; waiting does not help. */
function remedyOfTls(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return "Connect by a name that the certificate holds, or give the server one that holds this name.";
  if (/^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/.test(code))
    return "Name the certificate authority of the server in the URL: sslmode=verify-full&sslrootcert=<file>.";
  if (/does not support SSL/.test(toErrorMessage(error)))
    return "Turn ssl on at the server, or say sslmode=disable where the network is your own.";
  return undefined;
}

/** A pooler refuses what a connection begins with. */
function isUnknownParameter(error: unknown): boolean {
  return /unsupported startup parameter/.test(toErrorMessage(error));
}

/** Says what went wrong at the server that `where` names, and what to do next. */
export function toStoreError(error: unknown, where: string): AgentwerkError {
  if (AgentwerkError.isInstance(error)) return error;
  const reason = toErrorMessage(error);
  const state = sqlStateOf(error);
  const make = (code: ErrorCode, message: string): AgentwerkError =>
    new AgentwerkError({ code, message, cause: error });
  const insecure = remedyOfTls(error);
  if (insecure !== undefined)
    return make("store_unavailable", `${where} cannot be reached safely: ${reason}. ${insecure}`);
  if (error instanceof TypeError && "code" in error && error.code === "ERR_INVALID_URL")
    // Without the cause, which holds the password.
    return new AgentwerkError({
      code: "invalid_input",
      message:
        "The connection string is no URL. Write postgres://user:password@host:5432/database, with @ : / ? # % in names and passwords as %40 %3A %2F %3F %23 %25.",
    });
  if (isReadOnly(error))
    return make(
      "store_unavailable",
      `${where} only reads, as a copy does: ${reason}. Write to the primary server; there, default_transaction_read_only has to be off for this role.`,
    );
  switch (troubleOf(error)) {
    case "connection_lost":
      return make(
        "store_unavailable",
        `${where} cannot be reached: ${reason}. Check that the server runs, and the address, user and password.`,
      );
    case "raced":
    case "outdated":
      return make("store_busy", `${where} was too busy: ${reason}. Nothing was written; try again.`);
    case "bad_text":
      return make(
        "invalid_input",
        `PostgreSQL cannot hold this text: ${reason}. Take the character out of labels, names and keys.`,
      );
    default:
  }
  switch (state) {
    case "53100":
    case "53200":
      return make(
        "store_full",
        `${where} has no space left: ${reason}. Nothing was written; free some and try again.`,
      );
    case "57014":
    case "25P04":
      return make(
        "store_busy",
        `${where} did not answer within the ${state === "57014" ? "statement" : "transaction"} timeout. Nothing was written; try again.`,
      );
    case "XX001":
    case "XX002":
      return make("store_corrupt", `${where} is damaged: ${reason}. Restore it from a backup.`);
    case "42501":
      return make(
        "store_unavailable",
        `${where} refused a right: ${reason}. Grant it as docs/guides/scale.md tells, or migrate with the owner's role.`,
      );
    case "28000":
    case "28P01":
      return make(
        "store_unavailable",
        `${where} let nobody in: ${reason}. Check user and password, TLS (sslmode=verify-full) and the server's pg_hba.conf.`,
      );
    case "08P01":
      return make(
        "store_unavailable",
        `${where} refused how the connection begins: ${reason}. It is a pooler such as PgBouncer: open the store with pooler: true.`,
      );
    default:
      return make("store_unavailable", `${where} failed: ${reason}.`);
  }
}

const unknownFate =
  "Whether the write that was under way took effect is not known: look before you repeat it.";

/** The server stayed away for longer than anybody waits, with a write under way. */
export function withUnknownFate(error: unknown): unknown {
  if (!AgentwerkError.isInstance(error) || error.code !== "store_unavailable") return error;
  const message = `${error.message} ${unknownFate}`;
  return new AgentwerkError({ code: error.code, message, cause: error });
}

/** The server is there and did not tell what became of a write, such as one whose commit hangs. */
export function toUnanswered(error: unknown, where: string): unknown {
  if (AgentwerkError.isInstance(error) && error.code === "store_unavailable") return withUnknownFate(error);
  const reason = toErrorMessage(AgentwerkError.isInstance(error) ? (error.cause ?? error) : error);
  const message = `${where} was asked about a write whose answer was lost, and failed: ${reason}. ${unknownFate}`;
  return new AgentwerkError({ code: "store_unavailable", message, cause: error });
}
