import type { DraftReport } from "../research/draft-report.ts";
import type { Finding } from "../research/findings.ts";

/** A finding whose page was fetched and says so, compared with the stored conversations. */
export interface CheckedFinding extends Finding {
  /** From 1, as the writer sees it. */
  readonly number: number;
  readonly angle: string;
  /** Of its source. */
  readonly source: number;
}

export interface Source {
  /** From 1, as readers see it. */
  readonly number: number;
  readonly url: string;
  readonly title: string;
}

/** All that a run brought. Every citation in it was checked. */
export interface Report {
  readonly question: string;
  /** What kept it from being complete; `undefined` when nothing did. */
  readonly incompleteBecause: string | undefined;
  /** What the writer wrote; without it, the findings alone are shown. */
  readonly draft: DraftReport | undefined;
  readonly angles: readonly string[];
  readonly findings: readonly CheckedFinding[];
  readonly sources: readonly Source[];
  readonly evidence: {
    /** Pages that were fetched with success. */
    readonly pagesRead: number;
    /** Citations that were sent back to a researcher. */
    readonly refused: number;
    /** Citations that were left out in the end, because the conversations do not prove them. */
    readonly dropped: number;
  };
  /** As 2026-11-22. */
  readonly date: string;
  readonly model: string;
}

/** What is missing, and what there is instead; `undefined` for a complete report. */
export function incompleteNotice({ incompleteBecause, draft, findings }: Report): string | undefined {
  if (incompleteBecause === undefined) return undefined;
  if (draft !== undefined) return `${incompleteBecause}. The report rests on the others.`;
  return `${incompleteBecause}. ${findings.length === 0 ? "Nothing was found." : "What was found until then:"}`;
}

/** Numbers of the sources behind some findings, each once. */
export function sourcesOf(findings: readonly number[], report: Report): readonly number[] {
  const sources = report.findings
    .filter(({ number }) => findings.includes(number))
    .map(({ source }) => source);
  return [...new Set(sources)].sort((left, right) => left - right);
}

/** Findings that the report rests on; without a draft, all. */
function citedFindings({ draft, findings }: Report): readonly CheckedFinding[] {
  if (draft === undefined) return findings;
  const { summary, sections, disagreements } = draft;
  const passages = [...summary, ...sections.flatMap(({ paragraphs }) => paragraphs), ...disagreements];
  const cited = new Set(passages.flatMap((passage) => passage.findings));
  return findings.filter(({ number }) => cited.has(number));
}

/** Sources that the report rests on. */
export function citedSources(report: Report): readonly Source[] {
  const cited = new Set(citedFindings(report).map(({ source }) => source));
  return report.sources.filter(({ number }) => cited.has(number));
}

/** The passages of a source that the report rests on. */
export function quotesOf({ number }: Source, report: Report): readonly string[] {
  return citedFindings(report)
    .filter(({ source }) => source === number)
    .map(({ quote }) => quote);
}
