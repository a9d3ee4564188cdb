import type { OutputUnit } from "@cfworker/json-schema";
import { Validator } from "@cfworker/json-schema";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import { toErrorMessage } from "../errors/to-error-message.ts";
import type { JsonValue } from "../util/json.ts";
import { findNonJson } from "../util/json.ts";
import type { JsonSchema } from "./json-schema.ts";
import { appendKey, type Schema, type SchemaIssue } from "./schema.ts";

/** Keywords whose error only says that something deeper failed; the deeper error says what. */
const wrappingKeywords: ReadonlySet<string> = new Set([
  "properties",
  "additionalProperties",
  "patternProperties",
  "items",
  "prefixItems",
  "allOf",
  "$ref",
  "$dynamicRef",
  "if",
]);

const compiled = new WeakMap<object, Schema<JsonValue>>();

/**
 * Makes a JSON Schema document ready for use, with an interpreting validator: documents come from the store and from
 * strangers, and are never turned into code. Formats and patterns are checked, `default` is not applied.
 * @throws AgentwerkError `invalid_schema` when the document is not a schema.
 */
export function compileJsonSchema(document: JsonSchema, field = "schema"): Schema<JsonValue> {
  if (typeof document === "boolean") return build(document, field);
  const known = compiled.get(document);
  if (known !== undefined) return known;
  const schema = build(document, field);
  compiled.set(document, schema);
  return schema;
}

function build(document: JsonSchema, field: string): Schema<JsonValue> {
  checkDocument(document, field);
  let validator: Validator;
  try {
    validator = new Validator(
      document as ConstructorParameters<typeof Validator>[0],
      draftOf(document),
      false,
    );
    // References and patterns are resolved while validating: a dangling one has to show here, not in the middle of a run.
    validator.validate({});
  } catch (cause) {
    throw new AgentwerkError({
      code: "invalid_schema",
      field,
      message: `${field} is not a valid JSON Schema: ${toErrorMessage(cause)}`,
      cause,
    });
  }
  return {
    json: document,
    parse(value) {
      const { valid, errors } = validator.validate(value);
      return valid ? { ok: true, value: value as JsonValue } : { ok: false, issues: toIssues(errors) };
    },
  };
}

const types: ReadonlySet<unknown> = new Set([
  "string",
  "number",
  "integer",
  "boolean",
  "null",
  "array",
  "object",
]);

function checkDocument(document: JsonSchema, field: string): void {
  const problem = findNonJson(document, field) ?? findBadKeyword(document, field);
  if (problem === undefined) return;
  throw new AgentwerkError({ code: "invalid_schema", field, message: `Not a JSON Schema: ${problem}.` });
}

/** The mistakes that the validator would pass over in silence, in the subschemas that every value meets. */
function findBadKeyword(schema: unknown, path: string): string | undefined {
  if (typeof schema === "boolean") return undefined;
  if (typeof schema !== "object" || schema === null || Array.isArray(schema))
    return `${path} is not an object or boolean`;
  const { type, required, properties, items, pattern } = schema as Record<string, unknown>;
  return (
    findBadType(type, path) ??
    findBadRequired(required, path) ??
    findBadPattern(pattern, path) ??
    findBadProperties(properties, path) ??
    (items === undefined || Array.isArray(items) ? undefined : findBadKeyword(items, `${path}.items`))
  );
}

function findBadType(type: unknown, path: string): string | undefined {
  if (type === undefined) return undefined;
  const wrong = (Array.isArray(type) ? type : [type]).find((name) => !types.has(name));
  return wrong === undefined ? undefined : `${path}.type is ${JSON.stringify(wrong)}`;
}

function findBadRequired(required: unknown, path: string): string | undefined {
  const fits =
    required === undefined || (Array.isArray(required) && required.every((name) => typeof name === "string"));
  return fits ? undefined : `${path}.required is not a list of names`;
}

function findBadPattern(pattern: unknown, path: string): string | undefined {
  if (pattern === undefined) return undefined;
  try {
    new RegExp(String(pattern), "u");
    return undefined;
  } catch {
    return `${path}.pattern is not a regular expression`;
  }
}

function findBadProperties(properties: unknown, path: string): string | undefined {
  if (properties === undefined) return undefined;
  if (typeof properties !== "object" || properties === null) return `${path}.properties is not an object`;
  for (const [name, child] of Object.entries(properties)) {
    const problem = findBadKeyword(child, `${path}.properties.${name}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function draftOf(document: JsonSchema): "2020-12" | "2019-09" | "7" | "4" {
  const dialect = typeof document === "object" ? document.$schema : undefined;
  if (dialect === undefined) return "2020-12";
  if (dialect.includes("draft-07") || dialect.includes("draft-06")) return "7";
  if (dialect.includes("draft-04")) return "4";
  return dialect.includes("2019-09") ? "2019-09" : "2020-12";
}

function toIssues(errors: readonly OutputUnit[]): readonly SchemaIssue[] {
  const telling = errors.filter(({ keyword }) => !wrappingKeywords.has(keyword));
  return (telling.length > 0 ? telling : errors).slice(0, 20).map(({ instanceLocation, keyword, error }) => ({
    path: toPath(instanceLocation),
    message: keyword === "false" ? "This property is not allowed." : error,
  }));
}

/** `#/findings/2/line` to `findings[2].line`. */
function toPath(pointer: string): string {
  let path = "";
  for (const segment of pointer.split("/").slice(1)) {
    const name = decodeURIComponent(segment).replaceAll("~1", "/").replaceAll("~0", "~");
    path = appendKey(path, /^\d+$/.test(name) ? Number(name) : name);
  }
  return path;
}
