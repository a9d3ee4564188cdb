import { expect, test } from "vitest";
import { ReadPages } from "../evidence/read-pages.ts";
import { findingsSchema } from "./findings.ts";

const url = "https://example.org/a";
const quote = "The station has a capacity of 34 megawatts.";

function issuesOf(finding: { readonly claim: string; readonly url: string; readonly quote: string }) {
  const pages = new ReadPages();
  pages.note(url, `URL: ${url}\nTitle: A\n\n${quote}`);
  const refused: string[] = [];
  const schema = findingsSchema({ pages, onRefused: (citation) => refused.push(citation.url) });
  const parsed = schema.safeParse({ answer: "a", findings: [finding] });
  return { issues: parsed.error?.issues.map(({ path }) => path.join(".")) ?? [], refused };
}

test("a claim with its passage is taken", () => {
  expect(issuesOf({ claim: "Its capacity is 34 megawatts.", url, quote })).toEqual({
    issues: [],
    refused: [],
  });
});

test("a page that was not read, and a passage that is not there, are issues of the result and counted", () => {
  const claim = "Its capacity is 34 megawatts.";
  const invented = "https://example.org/b";
  expect(issuesOf({ claim, url: invented, quote })).toEqual({
    issues: ["findings.0.url"],
    refused: [invented],
  });
  const misquoted = issuesOf({ claim, url, quote: "The station has a capacity of 43 megawatts." });
  expect(misquoted).toEqual({ issues: ["findings.0.quote"], refused: [url] });
});

test("a figure that the passage does not have is an issue of the claim", () => {
  expect(issuesOf({ claim: "Its capacity is 340 megawatts.", url, quote }).issues).toEqual([
    "findings.0.claim",
  ]);
});
