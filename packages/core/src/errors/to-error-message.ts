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

/** `fetch failed` alone says nothing: the cause does. */
function describe({ message, name, cause }: Error): string {
  const own = message === "" ? name : message;
  return cause instanceof Error && cause.message !== "" && !own.includes(cause.message)
    ? `${own} (${cause.message})`
    : own;
}
