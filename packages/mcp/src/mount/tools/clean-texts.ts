import { isJsonObject, type JsonObject, type JsonValue } from "@agentwerk/core";
import { cleanLine, cleanText, hidesText } from "./clean-text.ts";

const longestDescription = 2_000;

/** Keywords with schemas by names of the server's own, which may be those of keywords. */
const maps: ReadonlySet<string> = new Set([
  "$defs",
  "definitions",
  "dependentSchemas",
  "patternProperties",
  "properties",
]);
/** Keywords whose texts are compared letter by letter: cleaned ones would be others. */
const exact: ReadonlySet<string> = new Set([
  "$anchor",
  "$dynamicAnchor",
  "$dynamicRef",
  "$id",
  "$ref",
  "const",
  "dependentRequired",
  "enum",
  "pattern",
  "required",
]);
const told: ReadonlySet<string> = new Set(["description", "title"]);

/**
 * The first text with hidden characters that has to stay as it is, because arguments are held against it or other parts
 * of the schema name it: a key, a value to choose from, a pattern, a reference.
 */
export function findHidden(schema: JsonObject): string | undefined {
  for (const [key, value] of Object.entries(schema)) {
    if (hidesText(key)) return shown(key);
    const found = exact.has(key)
      ? findIn(value, true)
      : first(childrenOf(key, value), (child) =>
          isJsonObject(child) ? findHidden(child) : findIn(child, false),
        );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A schema's other texts without hidden characters: descriptions, titles, defaults, examples, comments. */
export function cleanTexts(schema: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (exact.has(key)) return [key, value];
      if (!maps.has(key) || !isJsonObject(value)) return [key, cleanValue(value, told.has(key))];
      return [
        key,
        Object.fromEntries(Object.entries(value).map(([name, child]) => [name, cleanValue(child, false)])),
      ];
    }),
  );
}

function cleanValue(value: JsonValue, isTold: boolean): JsonValue {
  if (typeof value === "string") return cleanText(value, isTold ? longestDescription : value.length);
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, false));
  return isJsonObject(value) ? cleanTexts(value) : value;
}

/** What stands below a keyword; names that the server chose are looked at, and are no keywords. */
function childrenOf(key: string, value: JsonValue): readonly JsonValue[] {
  if (!maps.has(key) || !isJsonObject(value)) return [value];
  return Object.entries(value).flatMap(([name, child]) => [
    ...(hidesText(name) ? [{ [name]: 0 }] : []),
    child,
  ]);
}

/** In data, every key and, where it counts letter by letter, every text. */
function findIn(value: JsonValue, isExact: boolean): string | undefined {
  if (typeof value === "string") return isExact && hidesText(value) ? shown(value) : undefined;
  if (Array.isArray(value))
    return first(value, (item) =>
      isJsonObject(item) && !isExact ? findHidden(item) : findIn(item, isExact),
    );
  if (!isJsonObject(value)) return undefined;
  return first(Object.entries(value), ([key, child]) =>
    hidesText(key) ? shown(key) : findIn(child, isExact),
  );
}

function first<Item>(items: readonly Item[], find: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function shown(text: string): string {
  return JSON.stringify(cleanLine(text, 100));
}
