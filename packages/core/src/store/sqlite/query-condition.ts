import type { SQLInputValue } from "node:sqlite";
import type {
  Comparison,
  Condition as QueryCondition,
  QueryField,
  QueryOrder,
  QueryValue,
} from "../../query/ticket-query.ts";
import { queryFields } from "../../query/ticket-query.ts";
import { assertNever } from "../../util/assert-never.ts";
import type { Condition } from "./read-tickets.ts";
import { namespaceSpan } from "./ticket-row.ts";

const body = "(SELECT body FROM bodies WHERE id = t.id)";
const end = "(SELECT body FROM ends WHERE id = t.id)";

/** A text as it is, any other JSON as its text. */
function content(document: string, path: string): string {
  return `CASE json_type(${document}, '${path}') WHEN 'text' THEN ${document} ->> '${path}' ELSE ${document} -> '${path}' END`;
}

/** Each field but `label` as an expression over `tickets t`; all of them constants of this file. */
const expressions: Readonly<Record<Exclude<QueryField, "label">, string>> = {
  key: "t.id",
  status: "t.status",
  task: content(body, "$.task"),
  result: `CASE WHEN t.status = 'done' THEN ${content(end, "$.result")} END`,
  agent: "t.agent",
  reporter: `${body} ->> '$.reporter'`,
  failure: `CASE WHEN t.status = 'failed' THEN ${end} ->> '$.failure.reason' END`,
  parent: "t.parent",
  priority: "t.priority",
  attempts: "t.attempt",
  turns: "t.turns",
  cost: "t.cost",
  blocked: "(t.status IN ('todo', 'waiting') AND t.open_blockers > 0)",
  created: "t.created_at",
  started: "t.started_at",
  finished: "t.finished_at",
  not_before: "t.not_before",
};

/** A query's condition as SQL with parameters; nothing that a user wrote becomes part of the text. */
export function queryCondition(namespace: number, condition: QueryCondition): Condition {
  switch (condition.kind) {
    case "and":
    case "or": {
      const parts = condition.conditions.map((part) => queryCondition(namespace, part));
      const joint = condition.kind === "and" ? " AND " : " OR ";
      return {
        sql: `(${parts.map(({ sql }) => sql).join(joint)})`,
        values: parts.flatMap(({ values }) => values),
      };
    }
    case "not": {
      const { sql, values } = queryCondition(namespace, condition.condition);
      return { sql: `NOT ${sql}`, values };
    }
    case "compare":
      return compare(namespace, condition);
    case "in": {
      const { field, values } = condition;
      const conditions = values.map((value) => ({ kind: "compare", field, comparison: "=", value }) as const);
      return queryCondition(namespace, { kind: "or", conditions });
    }
    case "empty":
      return {
        sql:
          condition.field === "label"
            ? "json_array_length(t.labels) = 0"
            : `(${expressions[condition.field]}) IS NULL`,
        values: [],
      };
    default:
      return assertNever(condition);
  }
}

/** What goes behind `ORDER BY`; tickets without the field come last, equal ones by key. */
export function queryOrder(orderBy: readonly QueryOrder[]): string {
  const parts = orderBy.flatMap(({ field, descending }) => {
    if (field === "label") return [];
    // The order in which the rows lie.
    if (field === "key") return [`t.id ${descending ? "DESC" : "ASC"}`];
    const expression = `(${expressions[field]})`;
    return [`${expression} IS NULL`, `${expression} ${descending ? "DESC" : "ASC"}`];
  });
  return [...parts, "t.id"].join(", ");
}

interface Compare {
  readonly field: QueryField;
  readonly comparison: Comparison;
  readonly value: QueryValue;
}

function compare(namespace: number, { field, comparison, value }: Compare): Condition {
  if (comparison === "!=" || comparison === "!~") {
    const { sql, values } = compare(namespace, { field, comparison: comparison === "!=" ? "=" : "~", value });
    return { sql: `NOT ${sql}`, values };
  }
  const values = [toParameter(namespace, field, value)];
  if (field !== "label")
    return { sql: `coalesce(${test(`(${expressions[field]})`, comparison)}, 0)`, values };
  return { sql: `EXISTS (SELECT 1 FROM json_each(t.labels) l WHERE ${test("l.value", comparison)})`, values };
}

function test(expression: string, comparison: Exclude<Comparison, "!=" | "!~">): string {
  return comparison === "~" ? `instr(lower(${expression}), lower(?)) > 0` : `${expression} ${comparison} ?`;
}

function toParameter(namespace: number, field: QueryField, value: QueryValue): SQLInputValue {
  if (typeof value === "boolean") return value ? 1 : 0;
  return queryFields[field] === "key" && typeof value === "number"
    ? namespace * namespaceSpan + value
    : value;
}
