import { z } from "zod";
import { findUnsupportedNumbers } from "../evidence/find-unsupported-numbers.ts";
import { normalizeText } from "../evidence/normalize.ts";
import type { CheckedFinding } from "../report/report.ts";

export interface Passage {
  readonly text: string;
  /** Numbers of the findings that it rests on. */
  readonly findings: readonly number[];
}

/** What the writer writes. */
export interface DraftReport {
  readonly title: string;
  readonly summary: readonly Passage[];
  readonly sections: readonly { readonly heading: string; readonly paragraphs: readonly Passage[] }[];
  readonly disagreements: readonly Passage[];
  readonly open: readonly string[];
}

/** Words between quotation marks, from this length on, have to stand in a quote. */
const leastQuoted = 12;

/** What the writer has to write: nothing without a finding, and no finding, quotation or address that there is not. */
export function draftSchema(findings: readonly CheckedFinding[]): z.ZodType<DraftReport> {
  const byNumber = new Map(findings.map((finding) => [finding.number, finding]));
  const passage = z
    .object({
      text: z.string().trim().min(1).max(2_000),
      findings: z.array(z.int()).min(1).describe("Numbers of the findings that the text rests on."),
    })
    .superRefine((value, context) => {
      for (const { path, message } of problemsOf(value, byNumber)) {
        context.addIssue({ code: "custom", path, message });
      }
    });
  const disagreement = passage.refine(
    (value) => new Set(value.findings.map((number) => byNumber.get(number)?.url)).size > 1,
    { path: ["findings"], message: "a disagreement needs findings from at least two pages" },
  );
  return z.object({
    title: z.string().trim().min(3).max(120),
    summary: z.array(passage).min(1).max(6).describe("Answers the question, a sentence or two each."),
    sections: z
      .array(
        z.object({
          heading: z.string().trim().min(3).max(120),
          paragraphs: z.array(passage).min(1).max(12),
        }),
      )
      .min(1)
      .max(12),
    disagreements: z.array(disagreement).max(12),
    open: z.array(z.string().trim().min(1).max(500)).max(12).describe("Questions that stay open."),
  });
}

interface Problem {
  readonly path: string[];
  readonly message: string;
}

function problemsOf(
  { text, findings }: Passage,
  byNumber: ReadonlyMap<number, CheckedFinding>,
): readonly Problem[] {
  const problems: Problem[] = [];
  const unknown = findings.filter((number) => !byNumber.has(number));
  if (unknown.length > 0)
    problems.push({ path: ["findings"], message: `there is no finding ${unknown.join(", ")}` });
  if (/\bhttps?:\/\//i.test(text))
    problems.push({ path: ["text"], message: "leave addresses out; the findings bring their sources" });
  const quotes = findings.map((number) => normalizeText(byNumber.get(number)?.quote ?? ""));
  const missing = findUnsupportedNumbers(text, quotes);
  if (missing.length > 0) {
    const message = `${missing.join(", ")} stands in none of the findings that are named; write numbers as they stand there`;
    problems.push({ path: ["text"], message });
  }
  for (const [, quoted = ""] of normalizeText(text).matchAll(/"([^"]+)"/g)) {
    if (quoted.length < leastQuoted || quotes.some((quote) => quote.includes(quoted))) continue;
    problems.push({ path: ["text"], message: `"${quoted}" stands in none of the findings that are named` });
  }
  return problems;
}
