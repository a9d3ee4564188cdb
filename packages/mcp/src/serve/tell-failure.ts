import { AgentwerkError, type ErrorCode } from "@agentwerk/core";
import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";

const clientCodes: ReadonlySet<ErrorCode> = new Set([
  "aborted",
  "conflict",
  "invalid_input",
  "invalid_schema",
  "lease_lost",
  "not_found",
  "unsupported",
]);

/** What of our errors a client can act on; the others speak of files and services that are none of its business. */
export function isForClients(error: unknown): error is AgentwerkError {
  return AgentwerkError.isInstance(error) && clientCodes.has(error.code);
}

/** A failure of ours, as clients are told of it. */
export function toInternalError(what: string, error: unknown): ProtocolError {
  const reason = AgentwerkError.isInstance(error) ? ` (${error.code})` : "";
  return new ProtocolError(
    ProtocolErrorCode.InternalError,
    `${what} failed on the server${reason}. It may help to try again.`,
  );
}

/** Answers a request: what the client can mend is told to it, of anything else only that it happened. */
export async function answerOrTell<Answer>(
  what: string,
  options: { readonly onError: (error: unknown) => void; readonly answer: () => Answer | Promise<Answer> },
): Promise<Answer> {
  try {
    return await options.answer();
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    if (isForClients(error)) throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message);
    options.onError(error);
    throw toInternalError(what, error);
  }
}
