import { compileJsonSchema } from "../schema/compile-json-schema.ts";
import type { JsonSchema, JsonSchemaObject } from "../schema/json-schema.ts";
import type { ParseResult, Schema } from "../schema/schema.ts";
import type { JsonValue } from "../util/json.ts";

/**
 * How a finishing tool asks for the result: its input schema is the ticket's own where that is an object, so that the
 * model sees it as plain arguments; anything else stands under `result`.
 */
export interface ResultInput {
  readonly inputSchema: JsonSchemaObject;
  /** The result within parsed arguments. */
  resultOf(input: unknown): JsonValue;
  /** Checks arguments by the ticket's schema, and by the user's own where it is known; yields them unchanged. */
  parse(input: unknown): ParseResult<unknown> | Promise<ParseResult<unknown>>;
}

const anyResult: JsonSchemaObject = { description: "The result: text or any JSON value." };

export function resultInput(options: {
  readonly schema: JsonSchema | undefined;
  readonly own: Schema | undefined;
  /** Forces the form with `result`, with these arguments beside it. */
  readonly beside?: {
    readonly properties: Readonly<Record<string, JsonSchema>>;
    readonly required: readonly string[];
  };
}): ResultInput {
  const { own, beside } = options;
  const schema =
    options.schema === undefined || typeof options.schema === "boolean" ? anyResult : options.schema;
  const plain = beside === undefined && isObjectSchema(schema);
  const inputSchema = plain ? schema : wrap(schema, beside);
  const byDocument = compileJsonSchema(inputSchema);
  const resultOf = (input: unknown): JsonValue =>
    (plain ? input : (input as { readonly result: JsonValue }).result) as JsonValue;
  return {
    inputSchema,
    resultOf,
    parse(input) {
      const parsed = byDocument.parse(input) as ParseResult<unknown>;
      if (!parsed.ok || own === undefined) return parsed;
      const checked = own.parse(resultOf(input));
      return checked instanceof Promise
        ? checked.then((result) => keep(input, result))
        : keep(input, checked);
    },
  };
}

/** The store keeps what the model wrote; transforms and defaults are applied when the user reads the result. */
function keep(input: unknown, checked: ParseResult<unknown>): ParseResult<unknown> {
  return checked.ok ? { ok: true, value: input } : checked;
}

function isObjectSchema(schema: JsonSchemaObject): boolean {
  return schema.type === "object" && schema.anyOf === undefined && schema.oneOf === undefined;
}

/** Where a wrapped schema that refers to itself is kept, so that its references have a root. */
const ownRoot = "result";

/** Definitions move to the new root, so that references from within stay right; so does a schema that names itself. */
function wrap(
  schema: JsonSchemaObject,
  beside:
    | { readonly properties: Readonly<Record<string, JsonSchema>>; readonly required: readonly string[] }
    | undefined,
): JsonSchemaObject {
  const { $defs, definitions, $schema: _dialect, ...rest } = schema;
  const isRecursive = refersToRoot(schema);
  const own = isRecursive ? rooted(rest) : rest;
  const rootedDefs = isRecursive ? { ...toRecord(rooted($defs ?? {})), [ownRoot]: own } : $defs;
  return {
    type: "object",
    properties: { result: isRecursive ? { $ref: `#/$defs/${ownRoot}` } : rest, ...beside?.properties },
    required: ["result", ...(beside?.required ?? [])],
    additionalProperties: false,
    ...(rootedDefs === undefined ? {} : { $defs: rootedDefs }),
    ...(definitions === undefined ? {} : { definitions: isRecursive ? rooted(definitions) : definitions }),
  };
}

/** Whether a reference points to the root itself or into it, other than into its definitions. */
function refersToRoot(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if ("$ref" in value && typeof value.$ref === "string" && isRootReference(value.$ref)) return true;
  return Object.values(value).some(refersToRoot);
}

function isRootReference(reference: string): boolean {
  return reference === "#" || (reference.startsWith("#/") && !/^#\/(\$defs|definitions)\//.test(reference));
}

/** The same with its references to the old root pointing to where that stands now. */
function rooted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rooted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, item]) =>
    name === "$ref" && typeof item === "string" && isRootReference(item)
      ? [name, `#/$defs/${ownRoot}${item.slice(1)}`]
      : [name, rooted(item)],
  );
  return Object.fromEntries(entries);
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
