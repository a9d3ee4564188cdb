import { escapeHtml, htmlPage } from "@agentwerk/use-cases-shared";
import type { Passage } from "../research/draft-report.ts";
import { citedSources, incompleteNotice, quotesOf, type Report, sourcesOf } from "./report.ts";
import { reportStyle } from "./report-style.ts";
import { evidenceLine } from "./to-markdown.ts";

/** The report as one file that loads nothing and runs nothing. What models and pages wrote is text in it, never markup. */
export function toHtml(report: Report): string {
  const { draft, question } = report;
  const title = draft?.title ?? question;
  const missing = incompleteNotice(report);
  const notice =
    missing === undefined ? "" : `<p class="notice"><strong>Incomplete:</strong> ${escapeHtml(missing)}</p>`;
  const body = `<h1>${escapeHtml(title)}</h1>
${draft === undefined ? "" : `<p class="question">${escapeHtml(question)}</p>`}
${notice}
${draft === undefined ? foundHtml(report) : draftHtml(draft, report)}
${sourcesHtml(report)}
<footer>${escapeHtml(evidenceLine(report))}</footer>`;
  return htmlPage({ title, style: reportStyle, body });
}

function draftHtml(draft: NonNullable<Report["draft"]>, report: Report): string {
  const paragraph = (passage: Passage): string => `<p>${cite(passage, report)}</p>`;
  const parts = [
    `<p class="summary">${draft.summary.map((passage) => cite(passage, report)).join(" ")}</p>`,
    ...draft.sections.map(
      ({ heading, paragraphs }) =>
        `<section><h2>${escapeHtml(heading)}</h2>${paragraphs.map(paragraph).join("\n")}</section>`,
    ),
  ];
  if (draft.disagreements.length > 0) {
    const items = draft.disagreements.map((passage) => `<li>${cite(passage, report)}</li>`);
    parts.push(
      `<section class="disagreements"><h2>Where sources disagree</h2><ul>${items.join("")}</ul></section>`,
    );
  }
  if (draft.open.length > 0) {
    const items = draft.open.map((question) => `<li>${escapeHtml(question)}</li>`);
    parts.push(`<section><h2>What stays open</h2><ul>${items.join("")}</ul></section>`);
  }
  return parts.join("\n");
}

function foundHtml(report: Report): string {
  const sections = report.angles.map((angle) => {
    const found = report.findings.filter((finding) => finding.angle === angle);
    const items = found.map(({ claim, source }) => `<li>${escapeHtml(claim)} ${mark(source)}</li>`);
    return items.length === 0
      ? ""
      : `<section><h2>${escapeHtml(angle)}</h2><ul>${items.join("\n")}</ul></section>`;
  });
  return sections.join("\n");
}

function sourcesHtml(report: Report): string {
  const items = citedSources(report).map((source) => sourceHtml(source, report));
  if (items.length === 0) return "";
  return `<h2 id="sources">Sources</h2>\n<ol class="sources">\n${items.join("\n")}\n</ol>`;
}

function sourceHtml(source: Report["sources"][number], report: Report): string {
  const { number, url, title } = source;
  const quotes = quotesOf(source, report).map((quote) => `<blockquote>${escapeHtml(quote)}</blockquote>`);
  const link = `<a href="${escapeHtml(url)}" rel="noreferrer">${escapeHtml(title)}</a>`;
  return `<li id="source-${number}" value="${number}">${link}<br><small>${escapeHtml(url)}</small>${quotes.join("")}</li>`;
}

function cite({ text, findings }: Passage, report: Report): string {
  return `${escapeHtml(text)} ${sourcesOf(findings, report).map(mark).join("")}`;
}

function mark(source: number): string {
  return `<a class="mark" href="#source-${source}">${source}</a>`;
}
