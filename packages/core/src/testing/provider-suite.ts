import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cancellationCases } from "./provider/cancellation-cases.ts";
import { conversationCases } from "./provider/conversation-cases.ts";
import { failureCases } from "./provider/failure-cases.ts";
import { isolationCases } from "./provider/isolation-cases.ts";
import type { ProviderBench } from "./provider/provider-bench.ts";
import type { ProviderCase } from "./provider/provider-case.ts";
import { replyCases } from "./provider/reply-cases.ts";
import { sentBackCases } from "./provider/sent-back-cases.ts";

export interface ProviderSuiteOptions {
  readonly name: string;
  /** Called once; the suite closes the bench at its end. */
  open(): Promise<ProviderBench>;
  /** Cases that cannot hold for this provider, by id, and why; they are shown as skipped with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

const chapters: Readonly<Record<string, readonly ProviderCase[]>> = {
  replies: replyCases,
  conversations: conversationCases,
  "long conversations": sentBackCases,
  failures: failureCases,
  cancellation: cancellationCases,
  isolation: isolationCases,
};

/** What every provider promises, as vitest tests; needs vitest as the runner. */
export function providerSuite({ name, open, skip = {} }: ProviderSuiteOptions): void {
  describe(`provider suite: ${name}`, () => {
    let bench: ProviderBench;
    beforeAll(async () => {
      bench = await open();
    });
    afterAll(() => bench?.close());

    test("every skip names a case and a reason", () => {
      const known = new Set(Object.values(chapters).flatMap((cases) => cases.map(({ id }) => id)));
      const wrong = Object.entries(skip).filter(([id, reason]) => !known.has(id) || reason.trim() === "");
      expect(wrong).toEqual([]);
    });

    for (const [chapter, cases] of Object.entries(chapters)) {
      for (const streamed of [false, true]) {
        describe(`${chapter}, ${streamed ? "streamed" : "whole"}`, () => {
          for (const providerCase of cases) {
            if (providerCase.mode === (streamed ? "whole" : "streamed")) continue;
            test(providerCase.title, async (context) => {
              const reason = skip[providerCase.id];
              if (reason !== undefined) context.skip(`${providerCase.id}: ${reason}`);
              await providerCase.run({ bench, streamed });
            });
          }
        });
      }
    }
  });
}

export type {
  BenchSettings,
  FarFault,
  FarFile,
  FarMessage,
  FarReply,
  FarRequest,
  FarToolCall,
  ProviderBench,
} from "./provider/provider-bench.ts";
