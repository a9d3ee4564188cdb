import type { JsonSchema } from "@agentwerk/core";

/** The keywords of strict mode as OpenAI defines it, which Mistral follows. */
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

/** True when a schema means the same in strict mode: closed objects in which every property is required. */
export function isStrictSchema(schema: JsonSchema): boolean {
  if (typeof schema === "boolean") return false;
  for (const keyword of Object.keys(schema)) if (!keywords.has(keyword)) return false;
  return isClosed(schema) && childrenOf(schema).every(isStrictSchema);
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
