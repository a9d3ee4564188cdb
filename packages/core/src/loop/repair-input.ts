import type { JsonSchema } from "../schema/json-schema.ts";
import { isJsonObject, parseJson } from "../util/json.ts";

export interface Repaired {
  readonly value: unknown;
  /** One line for each change, naming the place. Empty: nothing was changed. */
  readonly repairs: readonly string[];
}

/**
 * Puts harmless slips of a model right, guided by the schema: a number, boolean, object or array that came as text, a
 * number where text is wanted, `null` for an optional property. Where the meaning could change, nothing is touched.
 */
export function repairInput(schema: JsonSchema, value: unknown): Repaired {
  const repairs: string[] = [];
  return { value: repair({ schema, value, path: "", repairs }), repairs };
}

interface Place {
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly path: string;
  readonly repairs: string[];
}

function repair(place: Place): unknown {
  const { schema, repairs, path } = place;
  if (typeof schema === "boolean") return place.value;
  const wanted = typesOf(schema.type);
  const value = wanted.size === 0 ? place.value : convert(place.value, wanted);
  if (value !== place.value)
    repairs.push(`${path === "" ? "input" : path}: ${kindOf(place.value)} read as ${kindOf(value)}`);
  if (Array.isArray(value) && schema.items !== undefined) {
    const { items } = schema;
    return value.map((item, index) =>
      repair({ schema: items, value: item, path: `${path}[${index}]`, repairs }),
    );
  }
  return isJsonObject(value) && schema.properties !== undefined ? repairProperties(place, value) : value;
}

function repairProperties(
  { schema, path, repairs }: Place,
  value: Readonly<Record<string, unknown>>,
): unknown {
  if (typeof schema === "boolean") return value;
  const result: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const property = schema.properties?.[name];
    const place = path === "" ? name : `${path}.${name}`;
    if (item === null && property !== undefined && isDroppable(schema, name, property)) {
      repairs.push(`${place}: null left out`);
      continue;
    }
    result[name] =
      property === undefined ? item : repair({ schema: property, value: item, path: place, repairs });
  }
  return result;
}

function isDroppable(parent: Exclude<JsonSchema, boolean>, name: string, property: JsonSchema): boolean {
  if (parent.required?.includes(name) === true || typeof property === "boolean") return false;
  const types = typesOf(property.type);
  return types.size > 0 && !types.has("null");
}

const noTypes: ReadonlySet<unknown> = new Set();

function typesOf(type: unknown): ReadonlySet<unknown> {
  if (type === undefined) return noTypes;
  return new Set(Array.isArray(type) ? type : [type]);
}

function convert(value: unknown, wanted: ReadonlySet<unknown>): unknown {
  if (typeof value === "string") return wanted.has("string") ? value : fromText(value, wanted);
  // A number past 2^53 has lost digits before it came here: as text it would be silently wrong.
  const isExact = typeof value === "number" && (!Number.isInteger(value) || Number.isSafeInteger(value));
  if (isExact && !wanted.has("number") && !wanted.has("integer") && wanted.has("string"))
    return String(value);
  return value;
}

function fromText(text: string, wanted: ReadonlySet<unknown>): unknown {
  const trimmed = text.trim();
  if (/^-?(0|[1-9]\d*)$/.test(trimmed) && (wanted.has("integer") || wanted.has("number"))) {
    const number = Number(trimmed);
    return Number.isSafeInteger(number) ? number : text;
  }
  if (/^-?(0|[1-9]\d*)\.\d+$/.test(trimmed) && wanted.has("number")) return Number(trimmed);
  if (wanted.has("boolean") && (trimmed === "true" || trimmed === "false")) return trimmed === "true";
  if (trimmed.startsWith("{") && wanted.has("object")) return parseJson(trimmed) ?? text;
  return trimmed.startsWith("[") && wanted.has("array") ? (parseJson(trimmed) ?? text) : text;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return value === null ? "null" : typeof value;
}
