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

/** Definitions move to the new root, so that references from within stay right. */
function wrap(
  schema: JsonSchemaObject,
  beside:
    | { readonly properties: Readonly<Record<string, JsonSchema>>; readonly required: readonly string[] }
    | undefined,
): JsonSchemaObject {
  const { $defs, definitions, $schema: _dialect, ...rest } = schema;
  return {
    type: "object",
    properties: { result: rest, ...beside?.properties },
    required: ["result", ...(beside?.required ?? [])],
    additionalProperties: false,
    ...($defs === undefined ? {} : { $defs }),
    ...(definitions === undefined ? {} : { definitions }),
  };
}
