import type { Condition, QueryValue } from "../../query/ticket-query.ts";
import { assertNever } from "../../util/assert-never.ts";
import { describeUnwhole, isWholeText } from "../../util/is-whole-text.ts";
import type { TicketFilter } from "../ticket-store.ts";
import { invalidInput } from "./store-errors.ts";

/**
 * What `find` and `prune` are asked. A text with half of a surrogate pair would match others that have one, where an engine
 * keeps its texts as UTF-8.
 * @throws AgentwerkError `invalid_input` naming the field.
 */
export function checkFilter({ limit, labels = [], agent, where }: TicketFilter): void {
  checkLimit(limit, "limit");
  const label = labels.find((text) => !isWholeText(text));
  if (label !== undefined) throw invalidInput("labels", `contains ${describeUnwhole(label)}.`);
  if (agent !== undefined && !isWholeText(agent))
    throw invalidInput("agent", `is ${describeUnwhole(agent)}.`);
  const odd = where === undefined ? undefined : valuesOf(where).find(isOdd);
  if (odd !== undefined) throw invalidInput("where", `asks for ${describeUnwhole(String(odd))}.`);
}

/** @throws AgentwerkError `invalid_input` for a limit that is not a whole number from 0. */
export function checkLimit(limit: number | undefined, field: string): void {
  if (limit === undefined || (Number.isInteger(limit) && limit >= 0)) return;
  throw invalidInput(field, `is ${String(limit)}; give a whole number from 0.`);
}

function isOdd(value: QueryValue): boolean {
  return typeof value === "string" && !isWholeText(value);
}

function valuesOf(condition: Condition): readonly QueryValue[] {
  switch (condition.kind) {
    case "and":
    case "or":
      return condition.conditions.flatMap(valuesOf);
    case "not":
      return valuesOf(condition.condition);
    case "compare":
      return [condition.value];
    case "in":
      return condition.values;
    case "empty":
      return [];
    default:
      return assertNever(condition);
  }
}
