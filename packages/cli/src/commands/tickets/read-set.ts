import { parseQuery, parseTicketKey, type TicketFilter } from "@agentwerk/core";
import { UsageError } from "../../cli/usage-error.ts";

const key = /^(TICKET-)?\d+$/i;

/** The words of a line as a filter: keys, or a query; `isQuery` tells which. */
export function readSet(words: readonly string[]): {
  readonly filter: TicketFilter;
  readonly isQuery: boolean;
} {
  const keys = words.flatMap((word) => word.split(",")).filter((word) => word !== "");
  if (keys.length > 0 && keys.every((word) => key.test(word))) {
    return { filter: { keys: keys.map((word) => readKey(word)) }, isQuery: false };
  }
  const query = words.join(" ").trim();
  if (query === "") throw new UsageError("Name tickets by their keys or by a query.");
  return { filter: parseQuery(query), isQuery: true };
}

/** The same; nothing is everything. */
export function readOptionalSet(words: readonly string[]): TicketFilter {
  return words.length === 0 ? {} : readSet(words).filter;
}

/** A key as people type it: `ticket-3`, or just `3`. */
export function readKey(text: string): ReturnType<typeof parseTicketKey> {
  const trimmed = text.trim();
  return parseTicketKey(/^\d+$/.test(trimmed) ? `TICKET-${trimmed}` : trimmed.toUpperCase(), "key");
}
