import type { Tally } from "@agentwerk/use-cases-shared";
import type { Passage } from "../research/draft-report.ts";
import { citedSources, quotesOf, type Report, sourcesOf } from "./report.ts";

/** What `--json` prints and `report.json` holds. Citations are numbers of sources, each with the passages it was cited for. */
export interface JsonReport extends Omit<Tally, "cost"> {
  readonly question: string;
  readonly complete: boolean;
  readonly incompleteBecause: string | null;
  readonly title: string | null;
  readonly summary: readonly JsonPassage[];
  readonly sections: readonly { readonly heading: string; readonly paragraphs: readonly JsonPassage[] }[];
  readonly disagreements: readonly JsonPassage[];
  readonly open: readonly string[];
  readonly findings: readonly {
    readonly angle: string;
    readonly claim: string;
    readonly source: number;
    readonly quote: string;
  }[];
  readonly sources: readonly {
    readonly number: number;
    readonly url: string;
    readonly title: string;
    readonly quotes: readonly string[];
  }[];
  readonly evidence: Report["evidence"];
  readonly date: string;
  readonly model: string;
  readonly simulated: boolean;
  /** US dollars; `null` when the price of the model is not known. */
  readonly cost: number | null;
  readonly durationMs: number;
}

interface JsonPassage {
  readonly text: string;
  readonly sources: readonly number[];
}

export function toJson(
  report: Report,
  run: { readonly tally: Tally; readonly isSimulated: boolean; readonly durationMs: number },
): JsonReport {
  const { draft, question, incompleteBecause, findings, evidence, date, model } = report;
  const passage = ({ text, findings: numbers }: Passage): JsonPassage => ({
    text,
    sources: sourcesOf(numbers, report),
  });
  return {
    question,
    complete: incompleteBecause === undefined,
    incompleteBecause: incompleteBecause ?? null,
    title: draft?.title ?? null,
    summary: draft?.summary.map(passage) ?? [],
    sections:
      draft?.sections.map(({ heading, paragraphs }) => ({ heading, paragraphs: paragraphs.map(passage) })) ??
      [],
    disagreements: draft?.disagreements.map(passage) ?? [],
    open: draft?.open ?? [],
    findings: findings.map(({ angle, claim, source, quote }) => ({ angle, claim, source, quote })),
    sources: citedSources(report).map((source) => ({ ...source, quotes: quotesOf(source, report) })),
    evidence,
    date,
    model,
    simulated: run.isSimulated,
    ...run.tally,
    cost: run.tally.cost ?? null,
    durationMs: Math.round(run.durationMs),
  };
}
