/** Any value that JSON can hold. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value that a text holds as JSON; `undefined` where it holds none. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Says where a value stops being JSON, or `undefined` when it is JSON all through.
 * Guards the door: functions, `NaN`, dates, big integers and cycles would be lost or changed by a store.
 * A property that is `undefined` counts as absent.
 */
export function findNonJson(
  value: unknown,
  path = "value",
  ancestors: readonly unknown[] = [],
): string | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${path} is ${value}`;
  if (typeof value !== "object") return `${path} is a ${typeof value}`;
  if (ancestors.includes(value)) return `${path} refers back to itself`;
  if (!isPlain(value)) return `${path} is a ${value.constructor?.name ?? "class instance"}`;
  return findInEntries(value, path, [...ancestors, value]);
}

function findInEntries(value: object, path: string, ancestors: readonly unknown[]): string | undefined {
  const isArray = Array.isArray(value);
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined && !isArray) continue;
    const found = findNonJson(item, isArray ? `${path}[${key}]` : `${path}.${key}`, ancestors);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}
