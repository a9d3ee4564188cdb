import { causesOf } from "./causes-of.ts";

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

/** `fetch failed` alone says nothing: the first cause that says more does. */
function describe(error: Error): string {
  const own = error.message === "" ? error.name : error.message;
  for (const { message } of causesOf(error.cause).flatMap(tellers))
    if (message !== "" && !own.includes(message)) return `${own} (${message})`;
  return own;
}

/** Node tries several addresses, and says of them only what each has to say. */
function tellers(cause: object): readonly Error[] {
  const told = cause instanceof AggregateError && cause.message === "" ? causesOf(cause.errors[0]) : [cause];
  return told.filter((one) => one instanceof Error);
}
