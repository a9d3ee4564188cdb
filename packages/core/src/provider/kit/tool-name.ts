/**
 * A tool's name as all vendors take it: letters, digits, `_` and `-`, 64 of them. A model may call what was never offered,
 * by a name that vendors refuse in the conversation too.
 */
export function toToolName(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9_-]/g, "_").slice(0, 64) || "_";
}
