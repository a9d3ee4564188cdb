import { AgentwerkError } from "../errors/agentwerk-error.ts";
import { compileSchema } from "../schema/compile-schema.ts";
import type { Schema, SchemaOutput, SchemaSource } from "../schema/schema.ts";
import type { Budget } from "../ticket/budget.ts";
import type { BlockerPolicy } from "../ticket/ticket.ts";
import type { TicketDraft } from "../ticket/ticket-draft.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import { parseTicketKey } from "../ticket/ticket-key.ts";
import { findNonJson, type JsonValue } from "../util/json.ts";
import { refuseUnknownOptions } from "../util/refuse-unknown-options.ts";

/** A ticket by its handle or its key. */
export type TicketReference = TicketKey | { readonly key: TicketKey };

export interface TaskOptions<Source extends SchemaSource = SchemaSource> {
  /** Who takes it: agents with at least one of these labels; without labels, agents without labels. An agent's name pins it. */
  readonly labels?: readonly string[] | undefined;
  /** What the result has to look like; types the result. */
  readonly schema?: Source | undefined;
  /** Higher goes first; 0 unless given. */
  readonly priority?: number | undefined;
  /** Not started before; a date or milliseconds since the epoch. */
  readonly notBefore?: Date | number | undefined;
  /** Tickets that must be done first; within `tasks`, also the `ref` of another one. */
  readonly blockedBy?: readonly (TicketReference | string)[] | undefined;
  /** What a blocker that fails or is cancelled does: `wait` (the default) parks the ticket until a retry, `fail` fails it. */
  readonly onBlockerFailed?: BlockerPolicy | undefined;
  /** Within `tasks`, also the `ref` of another one. */
  readonly parent?: TicketReference | string | undefined;
  /** What the ticket and all its descendants may spend together; one that would pass it fails. At most 64 stand over a ticket. */
  readonly budget?: Budget | undefined;
  /** Values for `{name}` places in the task and the agent's role. */
  readonly templateVariables?: Readonly<Record<string, string>> | undefined;
  readonly reporter?: string | undefined;
  /** Filing again with the same key answers with the ticket that is there. */
  readonly idempotencyKey?: string | undefined;
}

export interface NewTask<Source extends SchemaSource = SchemaSource> extends TaskOptions<Source> {
  readonly task: JsonValue;
  /** A name by which the others of the same call mean this one in `blockedBy` and `parent`. */
  readonly ref?: string | undefined;
}

export interface CheckedTask<Result> {
  readonly draft: TicketDraft;
  readonly schema: Schema<Result> | undefined;
}

const knownOptions: ReadonlySet<string> = new Set([
  "task",
  "labels",
  "schema",
  "priority",
  "notBefore",
  "blockedBy",
  "onBlockerFailed",
  "budget",
  "ref",
  "parent",
  "templateVariables",
  "reporter",
  "idempotencyKey",
]);

/** One compiled schema for each that users hand in, so that a thousand tickets of one kind share it. */
const compiled = new WeakMap<object, Schema>();

/** @throws AgentwerkError `invalid_input` or `invalid_schema` naming the field, before anything is written. */
export function checkTask<Source extends SchemaSource>(
  task: NewTask<Source>,
): CheckedTask<SchemaOutput<Source>> {
  refuseUnknownOptions(task, { known: knownOptions, of: "a task" });
  const problem = findNonJson(task.task, "task");
  if (problem !== undefined) refuse("task", `has to be text or JSON, but ${problem}`);
  if (typeof task.task === "string" && task.task.trim() === "")
    refuse("task", "is empty; say what is to be done");
  const schema = task.schema === undefined ? undefined : compileOnce(task.schema);
  return {
    schema,
    draft: {
      task: task.task,
      labels: task.labels,
      schema: schema?.json,
      priority: task.priority,
      notBefore: task.notBefore === undefined ? undefined : toTime(task.notBefore),
      ref: task.ref,
      blockedBy: task.blockedBy?.map(nameOf),
      onBlockerFailed: task.onBlockerFailed,
      budget: task.budget,
      parent: task.parent === undefined ? undefined : nameOf(task.parent),
      templateVariables: task.templateVariables,
      reporter: task.reporter,
      idempotencyKey: task.idempotencyKey,
    },
  };
}

/** Compiles a schema, or gives back what it was compiled to before. */
export function compileOnce<Source extends SchemaSource>(source: Source): Schema<SchemaOutput<Source>> {
  if (typeof source !== "object" && typeof source !== "function") return compileSchema(source);
  const known = compiled.get(source);
  if (known !== undefined) return known as Schema<SchemaOutput<Source>>;
  const schema = compileSchema(source);
  compiled.set(source, schema);
  return schema;
}

function toTime(value: Date | number): number {
  const time = value instanceof Date ? value.getTime() : value;
  if (!Number.isFinite(time)) refuse("notBefore", "is not a date");
  return time;
}

/** The store checks it, because only there it is known what the other drafts are. */
function nameOf(reference: TicketReference | string): string {
  return typeof reference === "object" && reference !== null ? reference.key : reference;
}

/** @throws AgentwerkError `invalid_input` when it is neither a handle nor a key. */
export function keyOf(reference: TicketReference | string, field = "key"): TicketKey {
  return parseTicketKey(typeof reference === "string" ? reference : reference.key, field);
}

function refuse(field: string, problem: string): never {
  throw new AgentwerkError({ code: "invalid_input", field, message: `${field} ${problem}.` });
}
