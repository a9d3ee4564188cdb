import type { JsonSchema } from "../../schema/json-schema.ts";
import { type Budget, limitedAmounts, limitsOf } from "../../ticket/budget.ts";
import type { BlockerPolicy } from "../../ticket/ticket.ts";
import type { TicketDraft } from "../../ticket/ticket-draft.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";
import { describeUnwhole, isWholeText } from "../../util/is-whole-text.ts";
import type { JsonValue } from "../../util/json.ts";
import { findNonJson, isJsonObject } from "../../util/json.ts";
import {
  type LocalReferences,
  placesOfRefs,
  type Reference,
  refuseCycles,
  toReference,
  withoutRepeated,
} from "./draft-references.ts";
import { invalidInput } from "./store-errors.ts";
import type { TicketBody } from "./ticket-state.ts";

/** A draft that passed the door: defaults applied, nothing shared with the caller. */
export interface CheckedDraft {
  readonly body: TicketBody;
  readonly labels: readonly string[];
  readonly priority: number;
  readonly notBefore: number | undefined;
  readonly parent: TicketKey | undefined;
  readonly budget: Budget | undefined;
  /** Present when it names drafts of the same batch. */
  readonly local: LocalReferences | undefined;
}

/**
 * Checks what can be checked without looking into the store.
 * @throws AgentwerkError `invalid_input` naming the field as `${path}.labels`.
 */
function checkDraft(
  draft: TicketDraft,
  { path, places }: { readonly path: string; readonly places: ReadonlyMap<string, number> | undefined },
): CheckedDraft {
  if (!isJsonObject(draft)) throw invalidInput(path, "is not an object; give at least { task }.");
  const parent =
    draft.parent === undefined ? undefined : toReference(draft.parent, { field: `${path}.parent`, places });
  const blockers = checkBlockers(draft.blockedBy ?? [], { field: `${path}.blockedBy`, places });
  const local = blockers.filter((blocker) => typeof blocker === "number");
  return {
    labels: checkLabels(draft.labels ?? [], `${path}.labels`),
    priority: checkPriority(draft.priority ?? 0, `${path}.priority`),
    notBefore: checkTime(draft.notBefore, `${path}.notBefore`),
    parent: typeof parent === "number" ? undefined : parent,
    budget: draft.budget === undefined ? undefined : checkBudget(draft.budget, `${path}.budget`),
    local:
      local.length === 0 && typeof parent !== "number"
        ? undefined
        : { parent: typeof parent === "number" ? parent : undefined, blockedBy: local },
    body: {
      task: checkJson(draft.task, `${path}.task`),
      ...(draft.schema !== undefined && { schema: checkSchema(draft.schema, `${path}.schema`) }),
      blockedBy: blockers.filter((blocker) => typeof blocker === "string"),
      ...(draft.onBlockerFailed !== undefined && {
        onBlockerFailed: checkBlockerPolicy(draft.onBlockerFailed, `${path}.onBlockerFailed`),
      }),
      ...(draft.reporter !== undefined && { reporter: checkText(draft.reporter, `${path}.reporter`) }),
      ...(draft.templateVariables !== undefined && {
        templateVariables: checkVariables(draft.templateVariables, `${path}.templateVariables`),
      }),
      ...(draft.idempotencyKey !== undefined && {
        idempotencyKey: checkName(draft.idempotencyKey, `${path}.idempotencyKey`),
      }),
    },
  };
}

export function checkDrafts(drafts: readonly TicketDraft[], path: string): readonly CheckedDraft[] {
  if (!Array.isArray(drafts)) throw invalidInput(path, "is not an array of ticket drafts.");
  const places = placesOfRefs(drafts, path);
  const checked = drafts.map((draft, index) => checkDraft(draft, { path: `${path}[${index}]`, places }));
  if (checked.every(({ local }) => local === undefined)) return checked;
  const references = withoutRepeated(
    checked.map(({ local }) => local),
    checked.map(({ body }) => body.idempotencyKey),
  );
  refuseCycles(references, { drafts, path });
  return checked.map((draft, place) => ({ ...draft, local: references[place] }));
}

/** Sorted, without duplicates. */
export function checkLabels(labels: readonly string[], field: string): readonly string[] {
  if (!Array.isArray(labels)) throw invalidInput(field, 'is not an array of texts, such as ["security"].');
  for (const label of labels) {
    if (typeof label !== "string" || label.trim() === "") {
      throw invalidInput(field, `contains ${JSON.stringify(label)}; a label is a text that is not blank.`);
    }
    if (!isWholeText(label)) throw invalidInput(field, `contains ${describeUnwhole(label)}.`);
  }
  return labels.length < 2 ? [...labels] : [...new Set<string>(labels)].sort();
}

export function checkPriority(priority: number, field: string): number {
  if (typeof priority === "number" && Number.isFinite(priority)) return priority + 0;
  throw invalidInput(field, `is ${String(priority)}; give a finite number, higher goes first.`);
}

export function checkTime(time: number | undefined, field: string): number | undefined {
  if (time === undefined || (typeof time === "number" && Number.isFinite(time))) return time;
  throw invalidInput(field, `is ${String(time)}; give milliseconds since the epoch.`);
}

/** A copy without properties that are `undefined`. */
export function checkJson(value: unknown, field: string): JsonValue {
  const problem = findNonJson(value, field);
  if (problem === undefined) return copyJson(value);
  throw invalidInput(field, `has to be a JSON value, but ${problem}.`);
}

export function checkSchema(schema: JsonSchema, field: string): JsonSchema {
  if (typeof schema === "boolean") return schema;
  const copy = checkJson(schema, field);
  if (isJsonObject(copy)) return copy;
  throw invalidInput(field, "is not a JSON Schema document.");
}

function copyJson(value: unknown): JsonValue {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(copyJson);
  if (!isJsonObject(value)) return null;
  const copy: [string, JsonValue][] = [];
  for (const [key, item] of Object.entries(value)) if (item !== undefined) copy.push([key, copyJson(item)]);
  return Object.fromEntries(copy);
}

function checkBlockers(
  names: readonly string[],
  options: { readonly field: string; readonly places: ReadonlyMap<string, number> | undefined },
): readonly Reference[] {
  const { field, places } = options;
  if (!Array.isArray(names)) throw invalidInput(field, "is not an array of ticket keys.");
  if (names.length === 0) return [];
  return [...new Set(names.map((name, index) => toReference(name, { field: `${field}[${index}]`, places })))];
}

function checkBudget(budget: Budget, field: string): Budget | undefined {
  if (!isJsonObject(budget)) throw invalidInput(field, "is not an object such as { maxCost: 0.5 }.");
  const known: ReadonlySet<string> = new Set(Object.keys(limitedAmounts));
  for (const [name, value] of Object.entries(budget)) {
    if (!known.has(name))
      throw invalidInput(`${field}.${name}`, `is not known; ${[...known].join(", ")} are.`);
    if (value === undefined || (typeof value === "number" && Number.isFinite(value) && value > 0)) continue;
    throw invalidInput(`${field}.${name}`, `is ${String(value)}; give a number above 0.`);
  }
  const limits = limitsOf(budget);
  return limits.length === 0 ? undefined : Object.fromEntries(limits);
}

function checkBlockerPolicy(policy: BlockerPolicy, field: string): BlockerPolicy {
  if (policy === "wait" || policy === "fail") return policy;
  throw invalidInput(field, `is ${JSON.stringify(policy)}; give "wait" or "fail".`);
}

export function checkText(text: string, field: string): string {
  if (typeof text === "string" && text !== "") return text;
  throw invalidInput(field, "has to be a text that is not empty.");
}

/** A text that something is looked up by. */
export function checkName(name: string, field: string): string {
  checkText(name, field);
  if (isWholeText(name)) return name;
  throw invalidInput(field, `is ${describeUnwhole(name)}.`);
}

function checkVariables(
  variables: Readonly<Record<string, string>>,
  field: string,
): Readonly<Record<string, string>> {
  if (!isJsonObject(variables)) throw invalidInput(field, "is not an object of texts.");
  for (const [name, value] of Object.entries(variables)) {
    if (typeof value !== "string") throw invalidInput(`${field}.${name}`, "is not a text.");
  }
  return { ...variables };
}
