import type { Price } from "@agentwerk/core";

/** What is known of a model and its dated versions. */
export interface ModelFamily {
  readonly name: string;
  /** Tokens. */
  readonly contextWindow: number;
  /** Tokens of one reply that the vendor allows. */
  readonly maxOutputTokens: number;
  readonly price: Price;
  /** Refuses thinking that comes back after a changed conversation (preserved thinking). */
  readonly bindsThinking?: boolean;
}

const bindsThinking = true;

/**
 * Prices in US dollars per million tokens (writes to the cache for 5 minutes) and limits in tokens, as of November 2026.
 * Sources: platform.claude.com/docs/en/models/overview, …/docs/en/about-claude/pricing and
 * …/docs/en/build-with-claude/preserved-thinking. Haiku 5.5 costs five times as much in prompts of more than 100,000
 * tokens; the price below that stands here. Each value can be overridden where a model is made.
 */
export const modelFamilies: readonly ModelFamily[] = [
  family("claude-fable-5-2", [1_000_000, 128_000], [8, 0.4, 40], { bindsThinking }),
  family("claude-fable-5-1", [1_000_000, 128_000], [10, 0.25, 50], { bindsThinking }),
  family("claude-fable-5", [1_000_000, 128_000], [10, 1, 50]),
  family("claude-opus-5-5", [1_000_000, 128_000], [4, 0.2, 20], { bindsThinking }),
  family("claude-opus-5", [1_000_000, 128_000], [5, 0.5, 25]),
  family("claude-opus-4-8", [1_000_000, 128_000], [5, 0.5, 25]),
  family("claude-opus-4-7", [1_000_000, 128_000], [5, 0.5, 25]),
  family("claude-opus-4-6", [1_000_000, 128_000], [5, 0.5, 25]),
  family("claude-opus-4-5", [200_000, 64_000], [5, 0.5, 25]),
  family("claude-sonnet-5-5", [1_000_000, 128_000], [2, 0.1, 10], { bindsThinking }),
  family("claude-sonnet-5", [1_000_000, 128_000], [2, 0.2, 10]),
  family("claude-sonnet-4-6", [1_000_000, 64_000], [3, 0.3, 15]),
  family("claude-sonnet-4-5", [200_000, 64_000], [3, 0.3, 15]),
  family("claude-haiku-5-5", [1_000_000, 128_000], [0.1, 0.01, 0.5], { bindsThinking }),
  family("claude-haiku-4-5", [200_000, 64_000], [1, 0.1, 5]),
];

/** Finds a model by its name, with or without a date, `-latest`, or the `anthropic/` that proxies put before it. */
export function findModelFamily(name: string): ModelFamily | undefined {
  const bare = name.replace(/^anthropic\//, "").replace(/-(latest|\d{8})$/, "");
  return modelFamilies.find((candidate) => candidate.name === bare);
}

/** Input, reads from the cache and output; what is written to the cache costs a quarter more than other input. */
type Prices = readonly [input: number, cacheRead: number, output: number];

function family(
  name: string,
  [contextWindow, maxOutputTokens]: readonly [number, number],
  [input, cacheRead, output]: Prices,
  traits: Pick<ModelFamily, "bindsThinking"> = {},
): ModelFamily {
  const price = { input, cacheRead, cacheWrite: input * 1.25, output };
  return { name, contextWindow, maxOutputTokens, price, ...traits };
}
