import type { Price } from "@agentwerk/core";

/** What is known of a model and its dated versions. */
export interface ModelFamily {
  readonly name: string;
  /** Tokens. */
  readonly contextWindow: number;
  /** Tokens of one reply; what the vendor allows, never sent by itself. */
  readonly maxOutputTokens: number;
  readonly price: Price;
}

/**
 * Standard prices in US dollars per million tokens and limits in tokens, as of November 2026. Sources: OpenAI's pages
 * developers.openai.com/api/docs/models/<name> and …/docs/pricing; for 5.5 and 5.6 their reprints in github/docs
 * (data/tables/copilot/models-and-pricing.yml) and vercel.com/ai-gateway/models. A model that costs more above a
 * threshold (272,000 input tokens from 5.4 on) stands here with the price below it. Each value can be overridden where
 * a model is made.
 */
export const modelFamilies: readonly ModelFamily[] = [
  family("gpt-5.6-sol", [1_050_000, 128_000], { input: 5, cacheRead: 0.5, cacheWrite: 6.25, output: 30 }),
  family("gpt-5.6-terra", [1_050_000, 128_000], { input: 2, cacheRead: 0.2, cacheWrite: 2.5, output: 12 }),
  family("gpt-5.6-luna", [1_050_000, 128_000], {
    input: 0.2,
    cacheRead: 0.02,
    cacheWrite: 0.25,
    output: 1.2,
  }),
  family("gpt-5.5", [1_050_000, 128_000], { input: 5, cacheRead: 0.5, output: 30 }),
  family("gpt-5.4", [1_050_000, 128_000], { input: 2.5, cacheRead: 0.25, output: 15 }),
  family("gpt-5.4-mini", [400_000, 128_000], { input: 0.75, cacheRead: 0.075, output: 4.5 }),
  family("gpt-5.4-nano", [400_000, 128_000], { input: 0.2, cacheRead: 0.02, output: 1.25 }),
  family("gpt-5.2", [400_000, 128_000], { input: 1.75, cacheRead: 0.175, output: 14 }),
  family("gpt-5.1", [400_000, 128_000], { input: 1.25, cacheRead: 0.125, output: 10 }),
  family("gpt-5", [400_000, 128_000], { input: 1.25, cacheRead: 0.125, output: 10 }),
  family("gpt-5-mini", [400_000, 128_000], { input: 0.25, cacheRead: 0.025, output: 2 }),
  family("gpt-5-nano", [400_000, 128_000], { input: 0.05, cacheRead: 0.005, output: 0.4 }),
  family("gpt-4.1", [1_047_576, 32_768], { input: 2, cacheRead: 0.5, output: 8 }),
  family("gpt-4.1-mini", [1_047_576, 32_768], { input: 0.4, cacheRead: 0.1, output: 1.6 }),
  family("gpt-4.1-nano", [1_047_576, 32_768], { input: 0.1, cacheRead: 0.025, output: 0.4 }),
  family("gpt-4o", [128_000, 16_384], { input: 2.5, cacheRead: 1.25, output: 10 }),
  family("gpt-4o-mini", [128_000, 16_384], { input: 0.15, cacheRead: 0.075, output: 0.6 }),
  family("o3", [200_000, 100_000], { input: 2, cacheRead: 0.5, output: 8 }),
  family("o4-mini", [200_000, 100_000], { input: 1.1, cacheRead: 0.275, output: 4.4 }),
];

/** Finds a model by its name, with or without a date, `-latest`, or the `openai/` that proxies put before it. */
export function findModelFamily(name: string): ModelFamily | undefined {
  const bare = name.replace(/^openai\//, "").replace(/-(latest|\d{4}-\d{2}-\d{2})$/, "");
  return modelFamilies.find((candidate) => candidate.name === bare);
}

function family(
  name: string,
  [contextWindow, maxOutputTokens]: readonly [number, number],
  price: Price,
): ModelFamily {
  return { name, contextWindow, maxOutputTokens, price };
}
