import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import type { Report } from "./report.ts";
import { toHtml } from "./to-html.ts";
import { toMarkdown } from "./to-markdown.ts";

const hostile = `<script>alert(1)</script> [link](javascript:alert(1)) **bold** "quoted" # heading`;
const passage = { text: hostile, findings: [1] };

function report(draft: Report["draft"]): Report {
  return {
    question: hostile,
    incompleteBecause: draft === undefined ? hostile : undefined,
    draft,
    angles: [hostile],
    findings: [
      {
        number: 1,
        angle: hostile,
        source: 1,
        claim: hostile,
        quote: hostile,
        url: "https://a.example/?a=1&b=%22",
      },
    ],
    sources: [{ number: 1, url: 'https://a.example/?a=1&b="', title: hostile }],
    evidence: { pagesRead: 1, refused: 0, dropped: 0 },
    date: "2026-11-22",
    model: hostile,
  };
}

const drafted = report({
  title: hostile,
  summary: [passage],
  sections: [{ heading: hostile, paragraphs: [passage] }],
  disagreements: [passage],
  open: [hostile],
});

test.each([
  ["complete", drafted],
  ["incomplete", report(undefined)],
])("a %s HTML report shows what others wrote as text", (_what, value) => {
  const { document } = parseHTML(toHtml(value));
  expect(document.querySelectorAll("script, strong > *, em")).toHaveLength(0);
  expect(document.querySelector("h1")?.textContent).toBe(hostile);
  const targets = [...document.querySelectorAll("a")].map((link) => link.getAttribute("href") ?? "");
  expect(targets.filter((target) => !/^(#source-1|https:\/\/a\.example\/)/.test(target))).toEqual([]);
});

test.each([
  ["complete", drafted],
  ["incomplete", report(undefined)],
])("a %s markdown report has no markup of others", (_what, value) => {
  const text = toMarkdown(value);
  expect(text).not.toMatch(/(?<!\\)<script|(?<!\\)\]\(javascript|[^\\*]\*\*bold/);
  expect(text.match(/^#+ /gm)?.length).toBeLessThanOrEqual(5);
});
