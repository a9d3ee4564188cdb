import type { JsonValue } from "../util/json.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { StandardSchema } from "./standard-schema.ts";

/** What users may give where a schema is wanted: a JSON Schema document, or a schema of Zod, Valibot, ArkType and others. */
export type SchemaSource = JsonSchema | StandardSchema;

/** The type of a value that passed a schema; `JsonValue` for a JSON Schema document. */
export type SchemaOutput<Source> =
  Source extends StandardSchema<infer _Input, infer Output> ? Output : JsonValue;

/** The type of a value before it is parsed; `JsonValue` for a JSON Schema document. */
export type SchemaInput<Source> =
  Source extends StandardSchema<infer Input, infer _Output> ? Input : JsonValue;

export interface SchemaIssue {
  /** Where in the value, as `findings[2].line`; empty for the value itself. */
  readonly path: string;
  readonly message: string;
}

export type ParseResult<Output> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly issues: readonly SchemaIssue[] };

/** A schema made ready: its document for the model and the store, and its check. */
export interface Schema<Output = unknown> {
  readonly json: JsonSchema;
  /** Never throws for a bad value; may be asynchronous only when the user's own schema is. */
  parse(value: unknown): ParseResult<Output> | Promise<ParseResult<Output>>;
}

/** Issues as lines that a model can act on. */
export function formatIssues(issues: readonly SchemaIssue[]): string {
  return issues
    .map(({ path, message }) => (path === "" ? `- ${message}` : `- ${path}: ${message}`))
    .join("\n");
}

/** One step further into a value: `findings` and 2 make `findings[2]`. */
export function appendKey(path: string, key: PropertyKey): string {
  if (typeof key === "number") return `${path}[${key}]`;
  return path === "" ? String(key) : `${path}.${String(key)}`;
}
