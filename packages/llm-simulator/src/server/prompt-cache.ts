import { createHash } from "node:crypto";
import { charactersPerToken } from "../reply/estimate-tokens.ts";

/** From OpenAI's guide to prompt caching: prefixes count from 1,024 tokens, in steps of 128. */
const smallestPrefix = 1024;
const prefixStep = 128;
const rememberedPrefixes = 10_000;

export interface CacheCount {
  /** Of a prefix that an earlier request had too. */
  readonly cachedTokens: number;
  /** Of the rest, when it is long enough to be remembered. */
  readonly newTokens: number;
}

/** Finds how much of a prompt an earlier request began with, and remembers the prompt. */
export function createPromptCache(): (pieces: readonly string[]) => CacheCount {
  const known = new Set<string>();
  return (pieces) => {
    const hash = createHash("sha1");
    let characters = 0;
    let cached = 0;
    for (const piece of pieces) {
      hash.update(piece);
      characters += piece.length;
      const prefix = hash.copy().digest("base64");
      if (known.has(prefix)) cached = characters;
      else remember(known, prefix);
    }
    const cachedTokens = countTokens(cached);
    return { cachedTokens, newTokens: countTokens(characters) - cachedTokens };
  };
}

function remember(known: Set<string>, prefix: string): void {
  known.add(prefix);
  if (known.size <= rememberedPrefixes) return;
  for (const oldest of known) {
    known.delete(oldest);
    return;
  }
}

function countTokens(characters: number): number {
  const tokens = Math.floor(characters / charactersPerToken);
  return tokens < smallestPrefix ? 0 : tokens - (tokens % prefixStep);
}
