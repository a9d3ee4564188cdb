import {
  assertNever,
  type Comparison,
  type Condition,
  type QueryField,
  type QueryOrder,
  type QueryValue,
} from "@agentwerk/core";

/** Gives out places for the values of a statement: nothing that a user wrote becomes part of its text. */
export class Parameters {
  readonly values: unknown[] = [];

  /** The place of a value, with its type. */
  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}

/** Each field but `label` as an expression over `tickets t`; all of them constants of this file. */
const expressions = {
  key: "t.number",
  status: "t.status",
  task: "{s}.content(t.body, 'task')",
  result: "CASE WHEN t.status = 'done' THEN {s}.content(t.ending, 'result') END",
  agent: "t.agent",
  reporter: "{s}.content(t.body, 'reporter')",
  failure: "CASE WHEN t.status = 'failed' THEN {s}.content(t.ending, 'failure')::json ->> 'reason' END",
  parent: "t.parent",
  priority: "t.priority",
  attempts: "t.attempt",
  turns: "t.turns",
  cost: "t.cost",
  blocked: "(t.status IN ('todo', 'in_progress', 'waiting') AND t.open_blockers > 0)",
  created: "t.created_at",
  started: "t.started_at",
  finished: "t.finished_at",
  not_before: "t.not_before",
} as const satisfies Record<Exclude<QueryField, "label">, string>;

/** A query's condition as SQL, always true or false. `{s}` is to be replaced by the schema. */
export function queryCondition(condition: Condition, parameters: Parameters): string {
  switch (condition.kind) {
    case "and":
    case "or": {
      const parts = condition.conditions.map((part) => queryCondition(part, parameters));
      return `(${parts.join(condition.kind === "and" ? " AND " : " OR ")})`;
    }
    case "not":
      return `(NOT ${queryCondition(condition.condition, parameters)})`;
    case "compare":
      return compare(condition, parameters);
    case "in": {
      const { field, values } = condition;
      const parts = values.map((value) => compare({ field, comparison: "=", value }, parameters));
      return `(${parts.join(" OR ")})`;
    }
    case "empty":
      return condition.field === "label"
        ? "(cardinality(t.labels) = 0)"
        : `((${expressions[condition.field]}) IS NULL)`;
    default:
      return assertNever(condition);
  }
}

/** What goes behind `ORDER BY`; tickets without the field come last, equal ones by key. */
export function queryOrder(orderBy: readonly QueryOrder[]): string {
  const parts = orderBy.flatMap(({ field, descending }) => {
    if (field === "label") return [];
    const collation = typeOf(field) === "text" ? ' COLLATE "C"' : "";
    return [`(${expressions[field]})${collation} ${descending ? "DESC" : "ASC"} NULLS LAST`];
  });
  return [...parts, "t.number"].join(", ");
}

interface Compare {
  readonly field: QueryField;
  readonly comparison: Comparison;
  readonly value: QueryValue;
}

function compare({ field, comparison, value }: Compare, parameters: Parameters): string {
  if (comparison === "!=" || comparison === "!~") {
    return `(NOT ${compare({ field, comparison: comparison === "!=" ? "=" : "~", value }, parameters)})`;
  }
  const place = parameters.add(value, typeOf(field));
  if (field === "label") {
    return `EXISTS (SELECT 1 FROM unnest(t.labels) AS l (label) WHERE ${test("l.label", comparison, place)})`;
  }
  return `coalesce(${test(`(${expressions[field]})`, comparison, place)}, false)`;
}

/** By code points, and with letters A to Z as a to z, whatever the database's collation. */
function test(expression: string, comparison: Exclude<Comparison, "!=" | "!~">, place: string): string {
  if (comparison === "~") return `strpos(lower(${expression} COLLATE "C"), lower(${place} COLLATE "C")) > 0`;
  return `${expression} ${comparison} ${place}`;
}

function typeOf(field: QueryField): "text" | "bigint" | "double precision" | "boolean" {
  switch (field) {
    case "key":
    case "parent":
      return "bigint";
    case "priority":
    case "attempts":
    case "turns":
    case "cost":
    case "created":
    case "started":
    case "finished":
    case "not_before":
      return "double precision";
    case "blocked":
      return "boolean";
    case "label":
    case "status":
    case "task":
    case "result":
    case "agent":
    case "reporter":
    case "failure":
      return "text";
    default:
      return assertNever(field);
  }
}
