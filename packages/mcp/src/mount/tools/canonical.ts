import { isJsonObject, type JsonValue } from "@agentwerk/core";

/** JSON with its keys in order, so that equal values are equal text. */
export function canonical(value: JsonValue | undefined): string {
  return JSON.stringify(value, (_key, item: JsonValue) =>
    isJsonObject(item)
      ? Object.fromEntries(Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1)))
      : item,
  );
}
