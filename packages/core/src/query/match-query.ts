import type { Ticket } from "../ticket/ticket.ts";
import { ticketNumberOf } from "../ticket/ticket-key.ts";
import { assertNever } from "../util/assert-never.ts";
import type {
  Comparison,
  Condition,
  QueryField,
  QueryOrder,
  QueryValue,
  TicketQuery,
} from "./ticket-query.ts";

/** Whether a ticket fulfils a condition: what every engine's own compilation has to agree with. */
export function matchesCondition(ticket: Ticket, condition: Condition | undefined): boolean {
  if (condition === undefined) return true;
  switch (condition.kind) {
    case "and":
      return condition.conditions.every((part) => matchesCondition(ticket, part));
    case "or":
      return condition.conditions.some((part) => matchesCondition(ticket, part));
    case "not":
      return !matchesCondition(ticket, condition.condition);
    case "compare":
      return compares(ticket, condition);
    case "in":
      return condition.values.some((value) => compares(ticket, { ...condition, comparison: "=", value }));
    case "empty":
      return condition.field === "label"
        ? ticket.labels.length === 0
        : readField(ticket, condition.field) === undefined;
    default:
      return assertNever(condition);
  }
}

/** Sorts, then cuts, as a query says. */
export function arrange(
  tickets: readonly Ticket[],
  { orderBy, limit }: Pick<TicketQuery, "orderBy" | "limit">,
): readonly Ticket[] {
  const byKey: QueryOrder = { field: "key", descending: false };
  const orders = [...orderBy, byKey];
  const sorted = [...tickets].sort((left, right) => {
    for (const order of orders) {
      const difference = inOrder(left, right, order);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  return limit === undefined ? sorted : sorted.slice(0, limit);
}

/** Letters A to Z count as a to z; other letters as they are: what every database can do alike. */
function foldCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function compares(
  ticket: Ticket,
  {
    field,
    comparison,
    value,
  }: { readonly field: QueryField; readonly comparison: Comparison; readonly value: QueryValue },
): boolean {
  if (comparison === "!=") return !compares(ticket, { field, comparison: "=", value });
  if (comparison === "!~") return !compares(ticket, { field, comparison: "~", value });
  if (field === "label") return ticket.labels.some((label) => holds(label, comparison, value));
  const actual = readField(ticket, field);
  return actual !== undefined && holds(actual, comparison, value);
}

function holds(actual: QueryValue, comparison: Exclude<Comparison, "!=" | "!~">, value: QueryValue): boolean {
  switch (comparison) {
    case "=":
      return actual === value;
    case "~":
      return foldCase(String(actual)).includes(foldCase(String(value)));
    case "<":
      return actual < value;
    case "<=":
      return actual <= value;
    case ">":
      return actual > value;
    case ">=":
      return actual >= value;
    default:
      return assertNever(comparison);
  }
}

/** Tickets without the field come last, whatever the direction. */
function inOrder(left: Ticket, right: Ticket, { field, descending }: QueryOrder): number {
  const [a, b] = [readField(left, field), readField(right, field)];
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (a === b) return 0;
  return (isBelow(a, b) ? -1 : 1) * (descending ? -1 : 1);
}

/** By code points, as databases compare UTF-8; JavaScript compares UTF-16 units. */
function isBelow(left: QueryValue, right: QueryValue): boolean {
  if (typeof left !== "string" || typeof right !== "string") return left < right;
  return Buffer.compare(Buffer.from(left), Buffer.from(right)) < 0;
}

function readField(ticket: Ticket, field: Exclude<QueryField, "label">): QueryValue | undefined;
function readField(ticket: Ticket, field: QueryField): QueryValue | undefined;
function readField(ticket: Ticket, field: QueryField): QueryValue | undefined {
  switch (field) {
    case "key":
      return ticketNumberOf(ticket.key);
    case "label":
      return ticket.labels[0];
    case "status":
      return ticket.status;
    case "task":
      return contentOf(ticket.task);
    case "result":
      return ticket.result === undefined ? undefined : contentOf(ticket.result);
    case "agent":
      return ticket.agent;
    case "reporter":
      return ticket.reporter;
    case "failure":
      return ticket.failure?.reason;
    case "parent":
      return ticket.parent === undefined ? undefined : ticketNumberOf(ticket.parent);
    case "priority":
      return ticket.priority;
    case "attempts":
      return ticket.attempt;
    case "turns":
      return ticket.work.turns;
    case "cost":
      return ticket.work.cost;
    case "blocked":
      return ticket.blocked;
    case "created":
      return ticket.createdAt;
    case "started":
      return ticket.startedAt;
    case "finished":
      return ticket.finishedAt;
    case "not_before":
      return ticket.notBefore;
    default:
      return assertNever(field);
  }
}

function contentOf(value: Ticket["task"]): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
