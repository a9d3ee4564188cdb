import type { Passage } from "../research/draft-report.ts";
import { citedSources, incompleteNotice, quotesOf, type Report, sourcesOf } from "./report.ts";

/** The report as markdown. What models and pages wrote is text in it, never markup. */
export function toMarkdown(report: Report): string {
  const { draft, question } = report;
  const notice = incompleteNotice(report);
  const parts = [`# ${escapeMarkdown(draft?.title ?? question)}`];
  if (draft !== undefined) parts.push(`*${escapeMarkdown(question)}*`);
  if (notice !== undefined) parts.push(`**Incomplete:** ${escapeMarkdown(notice)}`);
  if (draft === undefined) parts.push(...foundParts(report));
  else {
    parts.push(draft.summary.map((passage) => cite(passage, report)).join(" "));
    for (const { heading, paragraphs } of draft.sections) {
      parts.push(`## ${escapeMarkdown(heading)}`, ...paragraphs.map((passage) => cite(passage, report)));
    }
    if (draft.disagreements.length > 0)
      parts.push(
        "## Where sources disagree",
        list(draft.disagreements.map((passage) => cite(passage, report))),
      );
    if (draft.open.length > 0) parts.push("## What stays open", list(draft.open.map(escapeMarkdown)));
  }
  const sources = sourceParts(report);
  if (sources.length > 0) parts.push("## Sources", ...sources);
  parts.push(`---\n\n${escapeMarkdown(evidenceLine(report))}`);
  return `${parts.join("\n\n")}\n`;
}

/** How the citations were come by, in a sentence. */
export function evidenceLine({ evidence, findings, date, model }: Report): string {
  const { pagesRead, refused, dropped } = evidence;
  const sentBack = refused === 0 ? "none was sent back" : `${refused} invented or misquoted sent back`;
  const left = dropped === 0 ? "" : `, ${dropped} left out`;
  const compared =
    findings.length === 0
      ? "No page is cited"
      : `Each of the ${findings.length} citations was compared with the page it names`;
  const outcome = findings.length === 0 && refused + dropped === 0 ? "" : `: ${sentBack}${left}`;
  return `${date}, ${model}. ${pagesRead} pages were read. ${compared}${outcome}.`;
}

function foundParts(report: Report): readonly string[] {
  return report.angles.flatMap((angle) => {
    const found = report.findings.filter((finding) => finding.angle === angle);
    if (found.length === 0) return [];
    const lines = found.map(({ claim, source }) => `${escapeMarkdown(claim)} [${source}]`);
    return [`## ${escapeMarkdown(angle)}`, list(lines)];
  });
}

function sourceParts(report: Report): readonly string[] {
  return citedSources(report).map((source) => {
    const quotes = quotesOf(source, report).map((quote) => `   > ${escapeMarkdown(quote)}`);
    const head = `${source.number}. ${escapeMarkdown(source.title)}, <${source.url.replaceAll(/[<>\s]/g, encodeURIComponent)}>`;
    return [head, ...quotes.flatMap((quote) => ["", quote])].join("\n");
  });
}

function cite({ text, findings }: Passage, report: Report): string {
  const marks = sourcesOf(findings, report).map((number) => `[${number}]`);
  return `${escapeMarkdown(text)} ${marks.join("")}`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

/** One line of text without markup: no heading, link, image, HTML or code. */
function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .trim()
    .replaceAll(/[\\`*_[\]<>#|~!&]/g, "\\$&")
    .replace(/^([-+]|\d+[.)])/, "\\$1");
}
