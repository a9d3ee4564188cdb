import { compileSchema, formatIssues, isJsonObject, type JsonSchema, type JsonValue } from "@agentwerk/core";
import type { ElicitRequestParams, ElicitResult } from "@modelcontextprotocol/client";
import { cleanSchema } from "../tools/clean-schema.ts";
import { withoutPatterns } from "../tools/without-patterns.ts";
import { type ElicitationField, readFields } from "./elicitation-fields.ts";

export type ReadAnswer =
  | { readonly ok: true; readonly result: ElicitResult }
  | { readonly ok: false; readonly problem: string };

/** What a person wrote, as the server's request wants it. An answer that does not fit is told with the reason. */
export async function readAnswer(params: ElicitRequestParams, answer: string): Promise<ReadAnswer> {
  const word = answer
    .trim()
    .toLowerCase()
    .replace(/[.!]+$/, "");
  if (word === "decline" || word === "cancel") return { ok: true, result: { action: word } };
  if (params.mode === "url") return readUrlAnswer(word);
  const fields = readFields(params.requestedSchema);
  if (fields.length === 0) return readConsent(word);
  const given = readValues(fields, answer);
  const content = withDefaults(fields, given);
  const problem = await findProblem(params.requestedSchema, content);
  if (problem !== undefined) return { ok: false, problem };
  return { ok: true, result: { action: "accept", content: toContent(content) } };
}

const consents: ReadonlySet<string> = new Set(["accept", "done", "ok", "okay", "yes", "y", "true"]);
const refusals: ReadonlySet<string> = new Set(["no", "n", "false"]);

function readUrlAnswer(word: string): ReadAnswer {
  if (consents.has(word)) return { ok: true, result: { action: "accept" } };
  if (refusals.has(word)) return { ok: true, result: { action: "decline" } };
  return { ok: false, problem: 'answer "done", "decline" or "cancel"' };
}

function readConsent(word: string): ReadAnswer {
  if (consents.has(word)) return { ok: true, result: { action: "accept", content: {} } };
  if (refusals.has(word)) return { ok: true, result: { action: "decline" } };
  return { ok: false, problem: 'answer "accept", "decline" or "cancel"' };
}

/** A JSON object, one value for one field, or lines of `name: value`. */
function readValues(
  fields: readonly ElicitationField[],
  answer: string,
): Readonly<Record<string, JsonValue>> {
  const text = answer.trim();
  const json = text.startsWith("{") ? parseJson(text) : undefined;
  if (isJsonObject(json)) {
    return Object.fromEntries(
      Object.entries(json).map(([name, value]) => {
        const field = fields.find((candidate) => candidate.name === name);
        return [
          name,
          typeof value === "string" && field !== undefined ? toValue(field, value) : value,
        ] as const;
      }),
    );
  }
  const [only] = fields;
  const lines = readLines(fields, text);
  if (Object.keys(lines).length > 0 || only === undefined || fields.length > 1) return lines;
  return { [only.name]: toValue(only, text) };
}

function readLines(fields: readonly ElicitationField[], text: string): Readonly<Record<string, JsonValue>> {
  const values: [string, JsonValue][] = [];
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim().toLowerCase();
    const field =
      colon === -1
        ? undefined
        : fields.find((candidate) =>
            [candidate.name, candidate.title].some((known) => known?.toLowerCase() === name),
          );
    if (field !== undefined) values.push([field.name, toValue(field, line.slice(colon + 1).trim())]);
  }
  return Object.fromEntries(values);
}

/** The text as the field's type; what cannot be one stays text, and the schema says what is wrong with it. */
function toValue(field: ElicitationField, text: string): JsonValue {
  const word = text.toLowerCase();
  if (field.kind === "boolean") {
    if (consents.has(word)) return true;
    return refusals.has(word) ? false : text;
  }
  if (field.kind === "number" || field.kind === "integer") {
    const number = Number(text);
    return text === "" || Number.isNaN(number) ? text : number;
  }
  if (field.kind === "list")
    return text === "" ? [] : text.split(",").map((item) => toChoice(field, item.trim()));
  return field.kind === "choice" ? toChoice(field, text) : text;
}

/** People answer with the title that they were shown. */
function toChoice({ choices }: ElicitationField, text: string): string {
  const word = text.toLowerCase();
  const chosen =
    choices.find(({ value }) => value === text) ??
    choices.find(({ value, title }) => value.toLowerCase() === word || title?.toLowerCase() === word);
  return chosen?.value ?? text;
}

function withDefaults(
  fields: readonly ElicitationField[],
  given: Readonly<Record<string, JsonValue>>,
): Readonly<Record<string, JsonValue>> {
  const defaults = fields.flatMap((field) =>
    field.default === undefined ? [] : [[field.name, field.default] as const],
  );
  return { ...Object.fromEntries(defaults), ...given };
}

async function findProblem(requested: unknown, content: JsonValue): Promise<string | undefined> {
  const cleaned = cleanSchema(requested);
  if (!cleaned.ok) return cleaned.problem;
  const schema: JsonSchema = { additionalProperties: false, ...withoutPatterns(cleaned.schema) };
  const parsed = await compileSchema(schema, "requestedSchema").parse(content);
  return parsed.ok ? undefined : formatIssues(parsed.issues);
}

type Content = NonNullable<ElicitResult["content"]>;

/** The protocol takes texts, numbers, booleans and lists of texts; the schema was checked, so nothing else is there. */
function toContent(values: Readonly<Record<string, JsonValue>>): Content {
  const content: Content = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      content[name] = value;
    } else if (Array.isArray(value)) {
      content[name] = value.filter((item) => typeof item === "string");
    }
  }
  return content;
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
