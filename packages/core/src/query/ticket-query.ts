/** What a condition can ask about, and how its values are read. */
export type FieldKind = "key" | "label" | "status" | "text" | "content" | "number" | "time" | "boolean";

export const queryFields: {
  readonly key: "key";
  readonly label: "label";
  readonly status: "status";
  readonly task: "content";
  readonly result: "content";
  readonly agent: "text";
  readonly reporter: "text";
  readonly failure: "text";
  readonly parent: "key";
  readonly priority: "number";
  readonly attempts: "number";
  readonly turns: "number";
  readonly cost: "number";
  readonly blocked: "boolean";
  readonly created: "time";
  readonly started: "time";
  readonly finished: "time";
  readonly not_before: "time";
} = {
  key: "key",
  label: "label",
  status: "status",
  task: "content",
  result: "content",
  agent: "text",
  reporter: "text",
  failure: "text",
  parent: "key",
  priority: "number",
  attempts: "number",
  turns: "number",
  cost: "number",
  blocked: "boolean",
  created: "time",
  started: "time",
  finished: "time",
  not_before: "time",
};

export type QueryField = keyof typeof queryFields;

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~";

/** Numbers for keys, numbers and times (milliseconds since the epoch). */
export type QueryValue = string | number | boolean;

/**
 * A condition on a ticket. Each is true or false, never unknown: a comparison with a field that the ticket does not
 * have is false, and `!=`, `!~` and `NOT IN` are the opposites of `=`, `~` and `IN`.
 */
export type Condition =
  | { readonly kind: "and" | "or"; readonly conditions: readonly Condition[] }
  | { readonly kind: "not"; readonly condition: Condition }
  | {
      readonly kind: "compare";
      readonly field: QueryField;
      readonly comparison: Comparison;
      readonly value: QueryValue;
    }
  | { readonly kind: "in"; readonly field: QueryField; readonly values: readonly QueryValue[] }
  | { readonly kind: "empty"; readonly field: QueryField };

export interface QueryOrder {
  readonly field: QueryField;
  readonly descending: boolean;
}

/** A parsed query. Tickets come by `orderBy`, then by key; tickets without the field come last. */
export interface TicketQuery {
  readonly where: Condition | undefined;
  readonly orderBy: readonly QueryOrder[];
  readonly limit: number | undefined;
}
