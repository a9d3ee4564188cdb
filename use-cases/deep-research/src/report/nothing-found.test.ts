import { expect, test } from "vitest";
import type { Report } from "./report.ts";
import { toHtml } from "./to-html.ts";
import { toMarkdown } from "./to-markdown.ts";

function report(refused: number): Report {
  return {
    question: "Who is it?",
    incompleteBecause: "no page says it",
    draft: undefined,
    angles: ["What it is"],
    findings: [],
    sources: [],
    evidence: { pagesRead: 3, refused, dropped: 0 },
    date: "2026-11-22",
    model: "m",
  };
}

test.each([toMarkdown, toHtml])(
  "where nothing was found, %o says so and announces nothing else",
  (render) => {
    const text = render(report(0));
    expect(text).toContain("no page says it. Nothing was found.");
    expect(text).toMatch(/3 pages were read\. No page is cited\.(?:\s|<)/);
    expect(text).not.toMatch(/Sources|until then|0 citations/);
  },
);

test("what was sent back is told even then", () => {
  expect(toMarkdown(report(2))).toContain("No page is cited: 2 invented or misquoted sent back.");
});
