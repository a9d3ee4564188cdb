import { readFileSync } from "node:fs";

/**
 * The texts that a model reads, from the markdown files of a folder: `role` is `role.md`. `{name}` places are filled by the
 * core when a ticket is worked.
 */
export function readPrompts<const Name extends string>(
  folder: URL,
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const texts = names.map((name) => [name, readFileSync(new URL(`${name}.md`, folder), "utf8").trim()]);
  return Object.fromEntries(texts) as Record<Name, string>;
}
