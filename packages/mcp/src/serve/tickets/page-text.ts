import { AgentwerkError } from "@agentwerk/core";
import { pageLength } from "../limits.ts";

/** One page of a long text, and where the next one begins. */
export function pageText(
  text: string,
  cursor: string | undefined,
): { readonly text: string; readonly next: string | undefined } {
  const start = readOffset(cursor);
  let end = Math.min(text.length, start + pageLength);
  // Not between the halves of one character.
  if (end < text.length && /[\uD800-\uDBFF]/.test(text[end - 1] ?? "")) end--;
  return { text: text.slice(start, end), next: end < text.length ? String(end) : undefined };
}

/** @throws AgentwerkError `invalid_input` when it is not a cursor that we gave. */
export function readOffset(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,12}$/.test(cursor)) return Number(cursor);
  throw refusedCursor();
}

export function refusedCursor(): AgentwerkError {
  const message = "cursor is not one; pass the next_cursor of the page before, or none for the first.";
  return new AgentwerkError({ code: "invalid_input", field: "cursor", message });
}
