import { AgentwerkError } from "../errors/agentwerk-error.ts";
import { toErrorMessage } from "../errors/to-error-message.ts";
import { isJsonObject } from "../util/json.ts";
import { compileJsonSchema } from "./compile-json-schema.ts";
import type { JsonSchema } from "./json-schema.ts";
import { appendKey, type Schema, type SchemaIssue, type SchemaOutput, type SchemaSource } from "./schema.ts";
import type { StandardIssue, StandardSchema } from "./standard-schema.ts";
import { isStandardSchema } from "./standard-schema.ts";
import { isZod3Schema, zod3ToJsonSchema } from "./zod3.ts";

/**
 * Makes a user's schema ready for use.
 * @throws AgentwerkError `invalid_schema` when it is no schema, or one that has no JSON Schema form.
 */
export function compileSchema<Source extends SchemaSource>(
  source: Source,
  field = "schema",
): Schema<SchemaOutput<Source>> {
  if (isStandardSchema(source)) {
    return { json: toJsonSchema(source, field), parse: (value) => validate(source, value) } as Schema<
      SchemaOutput<Source>
    >;
  }
  if (typeof source === "boolean" || isJsonObject(source)) {
    return compileJsonSchema(source as JsonSchema, field) as Schema<SchemaOutput<Source>>;
  }
  throw new AgentwerkError({
    code: "invalid_schema",
    field,
    message: `${field} is ${source === null ? "null" : typeof source}; give a JSON Schema object or a Zod, Valibot or ArkType schema.`,
  });
}

function toJsonSchema(source: StandardSchema, field: string): JsonSchema {
  try {
    const own = source["~standard"].jsonSchema;
    if (own !== undefined) return withoutDialect(own.input({ target: "draft-2020-12" }));
    if (isZod3Schema(source)) return withoutDialect(zod3ToJsonSchema(source));
  } catch (cause) {
    if (AgentwerkError.isInstance(cause)) throw cause;
    throw new AgentwerkError({
      code: "invalid_schema",
      field,
      message: `${field} has no JSON Schema form: ${toErrorMessage(cause)} Describe that part by a type that JSON has.`,
      cause,
    });
  }
  const { vendor } = source["~standard"];
  throw new AgentwerkError({
    code: "invalid_schema",
    field,
    message: `${field} is a ${vendor} schema that cannot write JSON Schema; ${adviceFor(vendor)}`,
  });
}

function adviceFor(vendor: string): string {
  switch (vendor) {
    case "zod":
      return "upgrade zod to 4.2 or newer.";
    case "valibot":
      return "wrap it with toStandardJsonSchema() from @valibot/to-json-schema.";
    default:
      return `upgrade ${vendor} to a version with Standard JSON Schema, or give a JSON Schema document.`;
  }
}

/** The dialect key carries no meaning for a model and makes some vendors refuse the schema. */
function withoutDialect(document: Record<string, unknown>): JsonSchema {
  const { $schema: _dialect, ...rest } = document;
  return rest;
}

function validate(source: StandardSchema, value: unknown): ReturnType<Schema["parse"]> {
  const result = source["~standard"].validate(value);
  return result instanceof Promise ? result.then(toParseResult) : toParseResult(result);
}

function toParseResult(
  result:
    | { readonly value: unknown; readonly issues?: undefined }
    | { readonly issues: readonly StandardIssue[] },
): Awaited<ReturnType<Schema["parse"]>> {
  if (result.issues === undefined) return { ok: true, value: result.value };
  return { ok: false, issues: result.issues.map(toIssue) };
}

function toIssue(issue: StandardIssue): SchemaIssue {
  let path = "";
  for (const segment of issue.path ?? []) {
    path = appendKey(path, typeof segment === "object" ? segment.key : segment);
  }
  return { path, message: issue.message };
}
