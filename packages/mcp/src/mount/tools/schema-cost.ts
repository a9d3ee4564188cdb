import { isJsonObject, type JsonObject } from "@agentwerk/core";

/** Keywords whose schemas are for the value itself. */
const ofSelf = ["not", "if", "then", "else", "allOf", "anyOf", "oneOf"] as const;
/** Keywords whose schemas are for parts of the value. */
const ofParts = [
  "items",
  "prefixItems",
  "additionalItems",
  "additionalProperties",
  "contains",
  "propertyNames",
  "unevaluatedItems",
  "unevaluatedProperties",
] as const;
/** Keywords with a map of schemas. */
const maps = ["properties", "patternProperties", "dependentSchemas"] as const;

interface Part {
  readonly schema: unknown;
  /** For a part of the value rather than the value itself. */
  readonly isDeeper: boolean;
}

/**
 * How many subschemas one value can meet, references followed: what an interpreting validator may have to do. A
 * reference that comes back to itself through a part of the value counts once, because values end; one that comes back
 * to itself on the same value costs more than any limit. Gives up above `limit`.
 */
export function costOfSchema(root: JsonObject, limit: number): number {
  const known = new Map<JsonObject, number>();
  /** The schemas being counted, by how deep in the value they began. */
  const open = new Map<JsonObject, number>();
  const cost = (schema: unknown, depth: number): number => {
    if (!isJsonObject(schema)) return 1;
    const before = known.get(schema);
    if (before !== undefined) return before;
    const began = open.get(schema);
    if (began !== undefined) return depth > began ? 1 : limit + 1;
    open.set(schema, depth);
    let sum = 1;
    for (const part of partsOf(schema, root)) {
      if (sum > limit) break;
      sum += cost(part.schema, part.isDeeper ? depth + 1 : depth);
    }
    open.delete(schema);
    known.set(schema, sum);
    return sum;
  };
  return cost(root, 0);
}

function* partsOf(schema: JsonObject, root: JsonObject): Generator<Part> {
  for (const reference of [schema.$ref, schema.$dynamicRef]) {
    if (typeof reference === "string") yield { schema: resolve(root, reference), isDeeper: false };
  }
  for (const keyword of ofSelf) yield* oneOrMany(schema[keyword], false);
  for (const keyword of ofParts) yield* oneOrMany(schema[keyword], true);
  for (const keyword of maps) {
    const named = schema[keyword];
    if (isJsonObject(named)) yield* oneOrMany(Object.values(named), keyword !== "dependentSchemas");
  }
}

function* oneOrMany(value: unknown, isDeeper: boolean): Generator<Part> {
  if (Array.isArray(value)) for (const schema of value) yield { schema, isDeeper };
  else if (value !== undefined) yield { schema: value, isDeeper };
}

/**
 * A reference that leads nowhere within the document, or out of it: nothing is fetched for a schema. Documents with
 * names of their own parts (`$id`) are left to the validator.
 */
export function findBadReference(root: JsonObject): string | undefined {
  const text = JSON.stringify(root);
  if (!text.includes('"$ref"') || text.includes('"$id"')) return undefined;
  const visit = (node: unknown): string | undefined => {
    if (typeof node !== "object" || node === null) return undefined;
    const reference = Reflect.get(node, "$ref");
    if (typeof reference === "string" && !isFound(root, reference)) return reference;
    for (const child of Object.values(node)) {
      const found = visit(child);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return visit(root);
}

/** Anchors are left to the validator. */
function isFound(root: JsonObject, reference: string): boolean {
  if (!reference.startsWith("#")) return false;
  return !/^#?\/|^#$/.test(reference) || resolve(root, reference) !== undefined;
}

/** References within the document by JSON pointer; others cost nothing here and fail when the schema is compiled. */
function resolve(root: JsonObject, reference: string): unknown {
  if (!reference.startsWith("#")) return undefined;
  let found: unknown = root;
  for (const part of reference.slice(1).split("/").slice(1)) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string, unknown>)[decode(part)];
  }
  return found;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return part;
  }
}
