/** A wrong command line or configuration; the message is one line and names the next step. */
export class UsageError extends Error {
  override name = "UsageError";
}
