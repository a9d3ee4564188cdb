import type { FileKind, Price } from "@agentwerk/core";

/** What is known of a model. */
export interface ModelFamily {
  readonly name: string;
  /** The vendor's other names of it: dated versions, and `-latest` where it leads here. */
  readonly aliases: readonly string[];
  /** Tokens. */
  readonly contextWindow: number;
  readonly price: Price;
  readonly accepts: readonly FileKind[];
}

/**
 * Prices in US dollars per million tokens and windows in tokens, as of November 2026; a token from the cache costs a
 * tenth (docs.mistral.ai, prompt caching). Sources: docs.mistral.ai/models and mistral.ai/pricing, in the reprints of
 * getmaxim.ai/bifrost (Large 4), the issues of braintrustdata/braintrust-proxy (Medium 3.5), margindash.com and
 * artificialanalysis.ai (the others). All but the models for code see images, by their cards on huggingface.co/mistralai,
 * and take PDFs through document_url. Mistral publishes no limit of a single reply. Each value can be overridden where
 * a model is made.
 */
export const modelFamilies: readonly ModelFamily[] = [
  family("mistral-large-4", ["mistral-large-4-0", "mistral-large-latest"], [1_048_576, 0.68, 2.09]),
  family("mistral-large-2512", ["mistral-large-3"], [262_144, 0.5, 1.5]),
  family("mistral-medium-3.5", ["mistral-medium-3-5", "mistral-medium-latest"], [256_000, 1.5, 7.5]),
  family("mistral-small-2603", ["mistral-small-4", "mistral-small-latest"], [262_144, 0.15, 0.6]),
  family("magistral-medium-2509", ["magistral-medium-latest"], [131_072, 2, 5]),
  family("devstral-2512", ["devstral-latest", "devstral-medium-latest"], [262_144, 0.4, 2]),
  family("codestral-2508", ["codestral-latest"], [256_000, 0.3, 0.9]),
  family("ministral-14b-2512", ["ministral-14b-latest"], [262_144, 0.2, 0.2]),
  family("ministral-8b-2512", ["ministral-8b-latest"], [262_144, 0.15, 0.15]),
  family("ministral-3b-2512", ["ministral-3b-latest"], [262_144, 0.1, 0.1]),
];

/** Finds a model by its name, one of its aliases, or either with the `mistral/` that proxies put before it. */
export function findModelFamily(name: string): ModelFamily | undefined {
  const bare = name.replace(/^mistral(ai)?\//, "");
  return modelFamilies.find((candidate) => candidate.name === bare || candidate.aliases.includes(bare));
}

type Facts = readonly [contextWindow: number, input: number, output: number];

function family(
  name: string,
  aliases: readonly string[],
  [contextWindow, input, output]: Facts,
): ModelFamily {
  const price = { input, cacheRead: input / 10, output };
  const accepts: readonly FileKind[] = /^(codestral|devstral)/.test(name) ? [] : ["image", "document"];
  return { name, aliases, contextWindow, price, accepts };
}
