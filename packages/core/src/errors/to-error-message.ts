/** The text of whatever was thrown; strings and odd objects included. */
export function toErrorMessage(thrown: unknown): string {
  if (thrown instanceof Error) return describe(thrown);
  if (typeof thrown === "string") return thrown;
  try {
    return JSON.stringify(thrown) ?? String(thrown);
  } catch {
    return String(thrown);
  }
}

/** Causes looked at below an error: chains of any length, and circles, come to an end. */
const deepestCause = 8;

/** `fetch failed` alone says nothing: the first cause that says more does. */
function describe(error: Error): string {
  const own = error.message === "" ? error.name : error.message;
  let { cause } = error;
  for (let depth = 0; depth < deepestCause && cause instanceof Error; depth++) {
    // Node tries several addresses, and says of them only what each has to say.
    const { message } = cause;
    if (message !== "" && !own.includes(message)) return `${own} (${message})`;
    cause = cause instanceof AggregateError && message === "" ? cause.errors[0] : cause.cause;
  }
  return own;
}
