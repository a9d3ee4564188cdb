import { describe, test } from "vitest";
import type { Provider } from "../provider/provider.ts";
import { liveCases } from "./provider/live-cases.ts";

export interface LiveProviderSuiteOptions {
  readonly name: string;
  /** The variable with the key; without it, all is skipped. */
  readonly keyVariable: string;
  readonly model: string;
  provider(options: { readonly apiKey: string }): Provider;
  /** Cases that cannot hold for this model, by id, and why. */
  readonly skip?: Readonly<Record<string, string>>;
}

const timeoutMs = 120_000;

/** What of the provider suite needs no far side, asked of the vendor itself. Costs a few cents; needs vitest. */
export function liveProviderSuite(options: LiveProviderSuiteOptions): void {
  const { name, keyVariable, model, skip = {} } = options;
  const key = process.env[keyVariable]?.trim();
  describe(`live provider suite: ${name}`, () => {
    for (const streamed of [false, true]) {
      for (const liveCase of liveCases) {
        const title = `${liveCase.title}, ${streamed ? "streamed" : "whole"}`;
        test(title, { timeout: timeoutMs }, async (context) => {
          if (!key) return context.skip(`${keyVariable} is not set`);
          const reason = skip[liveCase.id];
          if (reason !== undefined) return context.skip(`${liveCase.id}: ${reason}`);
          const provider = (apiKey = key): Provider => options.provider({ apiKey });
          await liveCase.run({ provider, model, streamed });
        });
      }
    }
  });
}
