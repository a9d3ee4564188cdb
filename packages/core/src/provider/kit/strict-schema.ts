import type { JsonSchema } from "../../schema/json-schema.ts";

/** The keywords of OpenAI's guide to structured outputs that strict mode takes and enforces. */
const keywords = new Set([
  "type",
  "title",
  "description",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "enum",
  "const",
  "anyOf",
  "$defs",
  "$ref",
]);

/** From the same guide: a schema with more is refused. */
const limits = { properties: 5_000, levels: 10, enumValues: 1_000 };

/** True when a schema means the same in strict mode as OpenAI defines it, which Mistral follows: closed objects in which every property is required. */
export function isStrictSchema(schema: JsonSchema): boolean {
  if (typeof schema === "boolean" || schema.type !== "object") return false;
  const size = { properties: 0, enumValues: 0 };
  const fits = isStrict(schema, 1, size);
  return fits && size.properties <= limits.properties && size.enumValues <= limits.enumValues;
}

interface Size {
  properties: number;
  enumValues: number;
}

function isStrict(schema: JsonSchema, level: number, size: Size): boolean {
  if (typeof schema === "boolean" || level > limits.levels) return false;
  for (const keyword of Object.keys(schema)) if (!keywords.has(keyword)) return false;
  size.properties += Object.keys(schema.properties ?? {}).length;
  size.enumValues += Array.isArray(schema.enum) ? schema.enum.length : 0;
  return isClosed(schema) && childrenOf(schema).every((child) => isStrict(child, level + 1, size));
}

function isClosed(schema: Exclude<JsonSchema, boolean>): boolean {
  if (schema.type !== "object" && schema.properties === undefined) return true;
  const required = schema.required ?? [];
  const names = Object.keys(schema.properties ?? {});
  return schema.additionalProperties === false && names.every((name) => required.includes(name));
}

function childrenOf(schema: Exclude<JsonSchema, boolean>): readonly JsonSchema[] {
  const anyOf = (schema.anyOf ?? []) as readonly JsonSchema[];
  const definitions = (schema.$defs ?? {}) as Readonly<Record<string, JsonSchema>>;
  const items = schema.items === undefined ? [] : [schema.items];
  return [...Object.values(schema.properties ?? {}), ...items, ...anyOf, ...Object.values(definitions)];
}
