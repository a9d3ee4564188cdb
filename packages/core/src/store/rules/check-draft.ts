import type { JsonSchema } from "../../schema/json-schema.ts";
import type { TicketDraft } from "../../ticket/ticket-draft.ts";
import { parseTicketKey, type TicketKey } from "../../ticket/ticket-key.ts";
import type { JsonValue } from "../../util/json.ts";
import { findNonJson, isJsonObject } from "../../util/json.ts";
import { invalidInput } from "./store-errors.ts";
import type { TicketBody } from "./ticket-state.ts";

/** A draft that passed the door: defaults applied, nothing shared with the caller. */
export interface CheckedDraft {
  readonly body: TicketBody;
  readonly labels: readonly string[];
  readonly priority: number;
  readonly notBefore: number | undefined;
  readonly parent: TicketKey | undefined;
}

/**
 * Checks what can be checked without looking into the store.
 * @throws AgentwerkError `invalid_input` naming the field as `${path}.labels`.
 */
function checkDraft(draft: TicketDraft, path: string): CheckedDraft {
  if (!isJsonObject(draft)) throw invalidInput(path, "is not an object; give at least { task }.");
  return {
    labels: checkLabels(draft.labels ?? [], `${path}.labels`),
    priority: checkPriority(draft.priority ?? 0, `${path}.priority`),
    notBefore: checkTime(draft.notBefore, `${path}.notBefore`),
    parent: draft.parent === undefined ? undefined : checkKey(draft.parent, `${path}.parent`),
    body: {
      task: checkJson(draft.task, `${path}.task`),
      ...(draft.schema !== undefined && { schema: checkSchema(draft.schema, `${path}.schema`) }),
      blockedBy: checkKeys(draft.blockedBy ?? [], `${path}.blockedBy`),
      ...(draft.reporter !== undefined && { reporter: checkText(draft.reporter, `${path}.reporter`) }),
      ...(draft.templateVariables !== undefined && {
        templateVariables: checkVariables(draft.templateVariables, `${path}.templateVariables`),
      }),
      ...(draft.idempotencyKey !== undefined && {
        idempotencyKey: checkText(draft.idempotencyKey, `${path}.idempotencyKey`),
      }),
    },
  };
}

export function checkDrafts(drafts: readonly TicketDraft[], path: string): readonly CheckedDraft[] {
  if (!Array.isArray(drafts)) throw invalidInput(path, "is not an array of ticket drafts.");
  return drafts.map((draft, index) => checkDraft(draft, `${path}[${index}]`));
}

/** Sorted, without duplicates. */
export function checkLabels(labels: readonly string[], field: string): readonly string[] {
  if (!Array.isArray(labels)) throw invalidInput(field, 'is not an array of texts, such as ["security"].');
  for (const label of labels) {
    if (typeof label !== "string" || label === "") {
      throw invalidInput(field, `contains ${JSON.stringify(label)}; a label is a text that is not empty.`);
    }
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

function checkKey(key: TicketKey, field: string): TicketKey {
  if (typeof key !== "string") throw invalidInput(field, "is not a ticket key such as TICKET-12.");
  return parseTicketKey(key, field);
}

function checkKeys(keys: readonly TicketKey[], field: string): readonly TicketKey[] {
  if (!Array.isArray(keys)) throw invalidInput(field, "is not an array of ticket keys.");
  if (keys.length === 0) return [];
  return [...new Set(keys.map((key, index) => checkKey(key, `${field}[${index}]`)))];
}

function checkText(text: string, field: string): string {
  if (typeof text === "string" && text !== "") return text;
  throw invalidInput(field, "has to be a text that is not empty.");
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
