import type { JsonSchema } from "@agentwerk/core";

/** The keywords of Anthropic's guide to structured outputs that strict mode takes and enforces. */
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
  "default",
]);

/** True when a schema means the same in Anthropic's strict mode: closed objects without references or bounds. */
export function isStrictSchema(schema: JsonSchema): boolean {
  if (typeof schema === "boolean") return false;
  for (const keyword of Object.keys(schema)) if (!keywords.has(keyword)) return false;
  return isClosed(schema) && childrenOf(schema).every(isStrictSchema);
}

/** How many properties may be missing, and how many values may have one of several types: both are limited. */
export function countLoose(schema: JsonSchema): number {
  if (typeof schema === "boolean") return 0;
  const required = schema.required ?? [];
  const optional = Object.keys(schema.properties ?? {}).filter((name) => !required.includes(name)).length;
  const isUnion = schema.anyOf !== undefined || Array.isArray(schema.type);
  return childrenOf(schema).reduce((sum, child) => sum + countLoose(child), optional + (isUnion ? 1 : 0));
}

function isClosed(schema: Exclude<JsonSchema, boolean>): boolean {
  const isObject = schema.type === "object" || schema.properties !== undefined;
  return !isObject || schema.additionalProperties === false;
}

function childrenOf(schema: Exclude<JsonSchema, boolean>): readonly JsonSchema[] {
  const anyOf = (schema.anyOf ?? []) as readonly JsonSchema[];
  const items = schema.items === undefined ? [] : [schema.items];
  return [...Object.values(schema.properties ?? {}), ...items, ...anyOf];
}
