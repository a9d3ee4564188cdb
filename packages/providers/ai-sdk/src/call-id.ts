import { createHash } from "node:crypto";

/**
 * What the vendors behind the AI SDK take as the id of a call: Mistral nine letters and digits, Anthropic (also on
 * Bedrock) letters, digits, `_` and `-`. Others take any, and models such as Kimi read meaning into theirs.
 */
export function callIdRule(provider: string): (id: string, attempt: number) => string {
  if (/mistral/.test(provider))
    return (id, attempt) => wireId(id, { attempt, pattern: /^[a-zA-Z0-9]{9}$/, length: 9 });
  const pattern = /anthropic|bedrock/.test(provider) ? /^[a-zA-Z0-9_-]+$/ : /^/;
  return (id, attempt) => wireId(id, { attempt, pattern, length: 24 });
}

interface Rule {
  readonly attempt: number;
  readonly pattern: RegExp;
  readonly length: number;
}

function wireId(id: string, { attempt, pattern, length }: Rule): string {
  if (attempt === 0 && pattern.test(id)) return id;
  return createHash("sha256").update(`${attempt}:${id}`).digest("hex").slice(0, length);
}
