import type { JsonSchemaObject } from "@agentwerk/core";

/** Keywords whose values are data. */
const dataKeywords: ReadonlySet<string> = new Set(["const", "default", "enum", "examples"]);
/** Keywords with schemas by names of the server's own, which may be those of keywords. */
const maps: ReadonlySet<string> = new Set(["properties", "$defs", "definitions", "dependentSchemas"]);
/** What a property is that no pattern names cannot be told without them. */
const ofPatterns: ReadonlySet<string> = new Set([
  "patternProperties",
  "additionalProperties",
  "unevaluatedProperties",
]);

/**
 * A stranger's schema without its regular expressions, to check values by: one such as `^(a+)+$` and the value for it,
 * both of which a server can send, hold up the process for good. Models are still shown them.
 */
export function withoutPatterns(schema: JsonSchemaObject): JsonSchemaObject {
  const hasPatterns = schema.patternProperties !== undefined;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => !(key === "pattern" && typeof value === "string"))
      .filter(([key]) => !(hasPatterns && ofPatterns.has(key)))
      .map(([key, value]) => {
        if (dataKeywords.has(key)) return [key, value];
        return [key, maps.has(key) && isObject(value) ? visitMap(value) : visit(value)];
      }),
  );
}

function visitMap(schemas: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, visit(schema)]));
}

function visit(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(visit);
  return isObject(value) ? withoutPatterns(value) : value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
