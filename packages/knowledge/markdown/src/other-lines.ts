import { isMap, isNode, isScalar, type Pair, parseDocument } from "yaml";

/**
 * The lines of the keys beside `own`, as they stand in the head of a file: a number such as `1.10`, the quotes and the
 * comments are those of who wrote them. Undefined for a head whose keys are not on lines of their own.
 */
export function otherLines(head: string, own: ReadonlySet<string>): string | undefined {
  const { contents } = parseDocument(head, { schema: "core", logLevel: "silent" });
  if (!isMap(contents)) return undefined;
  const starts = contents.items.map((pair) => startOf(pair, head));
  if (contents.flow === true || starts.includes(undefined)) return undefined;
  const lines = contents.items.map(({ key }, index) => {
    if (isScalar(key) && own.has(String(key.value))) return "";
    const text = head.slice(starts[index], starts[index + 1]);
    return text.endsWith("\n") ? text : `${text}\n`;
  });
  return lines.join("");
}

/** Where the lines of a key begin, with the comments right above it. */
function startOf({ key }: Pair, head: string): number | undefined {
  const begin = isNode(key) ? key.range?.[0] : undefined;
  if (begin === undefined) return undefined;
  let start = head.lastIndexOf("\n", begin - 1) + 1;
  while (start > 0) {
    const above = head.lastIndexOf("\n", start - 2) + 1;
    if (head[above] !== "#") break;
    start = above;
  }
  return start;
}
