import { isJsonObject, type JsonObject, type JsonValue } from "@agentwerk/core";

/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const primitives: ReadonlySet<unknown> = new Set(["string", "integer", "boolean"]);
const key = "x-mcp-header";

type Place = "root" | "property" | "elsewhere";

/** Keywords whose values are data. */
const dataKeywords: ReadonlySet<string> = new Set(["const", "default", "enum", "examples"]);

/**
 * What is wrong with the `x-mcp-header` declarations of a tool's schema, by which arguments travel as HTTP headers since
 * 2026-07-28: a client has to leave such a tool out. They may stand on primitive properties that `properties` alone
 * lead to, as tokens that differ.
 */
export function findBadHeader(schema: JsonValue | undefined): string | undefined {
  const seen = new Set<string>();
  const visit = (node: JsonValue | undefined, place: Place): string | undefined => {
    if (Array.isArray(node)) return first(node, (item) => visit(item, "elsewhere"));
    if (!isJsonObject(node)) return undefined;
    const below: Place = place === "elsewhere" ? "elsewhere" : "property";
    return (
      findBadName(node, place, seen) ??
      first(Object.entries(node), ([keyword, value]) => {
        if (dataKeywords.has(keyword)) return undefined;
        if (keyword !== "properties" || !isJsonObject(value)) return visit(value, "elsewhere");
        return first(Object.values(value), (child) => visit(child, below));
      })
    );
  };
  return visit(schema, "root");
}

function findBadName(node: JsonObject, place: Place, seen: Set<string>): string | undefined {
  if (!(key in node)) return undefined;
  const name = node[key];
  if (place !== "property") return `${key} stands where no single argument is`;
  if (typeof name !== "string" || !token.test(name)) return `${key} is not the name of a header`;
  if (!primitives.has(node.type)) return `${key} ${name} is not on a string, integer or boolean`;
  if (seen.has(name.toLowerCase())) return `${key} ${name} is there twice`;
  seen.add(name.toLowerCase());
  return undefined;
}

function first<Item>(items: readonly Item[], find: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
