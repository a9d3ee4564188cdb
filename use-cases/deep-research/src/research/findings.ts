import { z } from "zod";
import { findUnsupportedNumbers } from "../evidence/find-unsupported-numbers.ts";
import type { Citation, ReadPages } from "../evidence/read-pages.ts";

/** One claim and the passage that it rests on. */
export interface Finding extends Citation {
  readonly claim: string;
}

export interface Findings {
  readonly answer: string;
  readonly findings: readonly Finding[];
}

export interface FindingsOptions {
  /** What was read so far, in all tickets. */
  readonly pages: ReadPages;
  /** Called for each citation that is sent back. */
  readonly onRefused: (citation: Citation, problem: string) => void;
}

const mostFindings = 12;

/** What a researcher has to write; a citation that was not read is an issue of the result like any other. */
export function findingsSchema({ pages, onRefused }: FindingsOptions): z.ZodType<Findings> {
  const finding = z
    .object({
      claim: z.string().trim().min(10).max(500).describe("What the page says, in a sentence."),
      url: z.url({ protocol: /^https?$/ }).describe("Of a page that you fetched."),
      quote: z.string().trim().min(1).max(800).describe("From that page, word for word."),
    })
    .superRefine((value, context) => {
      const refusal = pages.check(value);
      if (refusal !== undefined) {
        onRefused(value, refusal.problem);
        context.addIssue({ code: "custom", path: [refusal.field], message: refusal.problem });
        return;
      }
      const missing = findUnsupportedNumbers(value.claim, [value.quote]);
      if (missing.length === 0) return;
      const message = `${missing.join(", ")} does not stand in the quote; claim what the quote says`;
      context.addIssue({ code: "custom", path: ["claim"], message });
    });
  return z.object({
    answer: z
      .string()
      .trim()
      .min(1)
      .max(2_000)
      .describe("The angle's question answered, or why it cannot be."),
    findings: z.array(finding).max(mostFindings),
  });
}
