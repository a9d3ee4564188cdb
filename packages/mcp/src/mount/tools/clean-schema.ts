import type { JsonSchemaObject, JsonValue } from "@agentwerk/core";
import { isJsonObject } from "@agentwerk/core";
import { isDeeperThan } from "../../json-depth.ts";
import { cleanLine } from "./clean-text.ts";
import { cleanTexts, findHidden } from "./clean-texts.ts";
import { costOfSchema, findBadReference } from "./schema-cost.ts";

/** Deeper documents serve no model, and could exhaust the stack. */
const deepest = 48;
/** Characters of a whole schema as JSON; the largest of well-known servers have a tenth. */
const largest = 60_000;
/** Subschemas that one value may meet; references that multiply would hold up the process. */
const highestCost = 5_000;

export type CleanedSchema =
  | { readonly ok: true; readonly schema: JsonSchemaObject }
  | { readonly ok: false; readonly problem: string };

/**
 * A stranger's schema made fit for models: of type object with properties, without `$schema`, its texts without hidden
 * characters. One that is too deep, too large, multiplies its references, or hides characters in names and values that
 * have to stay as they are is refused.
 */
export function cleanSchema(document: unknown): CleanedSchema {
  if (document === undefined) return { ok: true, schema: { type: "object", properties: {} } };
  if (!isJsonObject(document)) return { ok: false, problem: "its schema is not an object" };
  if (isDeeperThan(document, deepest)) return { ok: false, problem: "its schema is nested too deeply" };
  if (JSON.stringify(document).length > largest) return { ok: false, problem: "its schema is too large" };
  if (document.type !== undefined && document.type !== "object") {
    return { ok: false, problem: `its arguments are of type ${JSON.stringify(document.type)}, not object` };
  }
  const hidden = findHidden(document);
  if (hidden !== undefined)
    return { ok: false, problem: `its schema has characters that are not shown in ${hidden}` };
  if (costOfSchema(document, highestCost) > highestCost) {
    return { ok: false, problem: "its schema refers to itself without end or multiplies its references" };
  }
  const reference = findBadReference(document);
  if (reference !== undefined) {
    return {
      ok: false,
      problem: `its schema refers to ${cleanLine(reference, 200)}, which it does not hold`,
    };
  }
  const { $schema, ...rest } = cleanTexts(document);
  return { ok: true, schema: { ...rest, type: "object", properties: toProperties(rest.properties) } };
}

function toProperties(properties: JsonValue | undefined): NonNullable<JsonSchemaObject["properties"]> {
  return isJsonObject(properties) ? (properties as NonNullable<JsonSchemaObject["properties"]>) : {};
}
