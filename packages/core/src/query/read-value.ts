import { parseTicketKey, ticketNumberOf } from "../ticket/ticket-key.ts";
import type { FieldKind, QueryValue } from "./ticket-query.ts";
import type { Token } from "./tokenize-query.ts";

const statuses = ["todo", "in_progress", "waiting", "done", "failed", "cancelled"];
const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** What a value of each kind looks like, for messages. */
export const valueForms: Readonly<Record<FieldKind, string>> = {
  key: "a ticket key such as TICKET-12",
  label: "a label",
  status: `a status: ${statuses.join(", ")}`,
  text: "a text",
  content: "a text",
  number: "a number",
  time: "a time: 2026-11-22, 2026-11-22T10:00:00Z, now, or -2h for two hours ago",
  boolean: "true or false",
};

/** Reads a value for a field; `undefined` when it is not of the field's kind. */
export function readValue({ text }: Token, kind: FieldKind, now: number): QueryValue | undefined {
  switch (kind) {
    case "key":
      return /^TICKET-[1-9]\d{0,14}$/.test(text) ? ticketNumberOf(parseTicketKey(text)) : undefined;
    case "status":
      return statuses.includes(text) ? text : undefined;
    case "number":
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
    case "boolean":
      return text === "true" || text === "false" ? text === "true" : undefined;
    case "time":
      return readTime(text, now);
    default:
      return text;
  }
}

function readTime(text: string, now: number): number | undefined {
  if (text === "now") return now;
  const relative = /^-(\d+(?:\.\d+)?)([smhdw])$/.exec(text);
  if (relative !== null) return now - Number(relative[1]) * (unitMs[relative[2] ?? ""] ?? Number.NaN);
  if (!/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
