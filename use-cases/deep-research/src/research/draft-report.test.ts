import { expect, test } from "vitest";
import type { CheckedFinding } from "../report/report.ts";
import { draftSchema } from "./draft-report.ts";

const finding = { angle: "a", claim: "It is large.", source: 1 };
const findings: readonly CheckedFinding[] = [
  { ...finding, number: 1, url: "https://a.example/", quote: "The station is very large indeed." },
  { ...finding, number: 2, url: "https://b.example/", quote: "The station is rather small." },
  { ...finding, number: 3, url: "https://b.example/", quote: "Nobody knows how large it is." },
];

function issuesOf(passage: { text: string; findings: number[] }, field: "summary" | "disagreements"): string {
  const draft = { title: "Title", summary: [{ text: "Large.", findings: [1] }], sections: [], open: [] };
  const sections = [{ heading: "Heading", paragraphs: [{ text: "Large.", findings: [1] }] }];
  const result = draftSchema(findings).safeParse({
    ...draft,
    sections,
    disagreements: [],
    [field]: [passage],
  });
  return result.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ") ?? "";
}

test("text that names its findings is taken", () => {
  expect(issuesOf({ text: 'It is "very large indeed".', findings: [1, 2] }, "summary")).toBe("");
  expect(issuesOf({ text: "Large, or small.", findings: [1, 2] }, "disagreements")).toBe("");
});

test.each([
  ["nothing", { text: "It is large.", findings: [] }, "summary.0.findings"],
  ["a finding that there is not", { text: "It is large.", findings: [1, 9] }, "there is no finding 9"],
  ["words that nobody wrote", { text: "It is “by far the largest”.", findings: [1] }, "stands in none"],
  [
    "words of a finding that is not named",
    { text: 'It is "rather small".', findings: [1] },
    "stands in none",
  ],
  ["a number that nobody wrote", { text: "It cost 7 crowns.", findings: [1, 2] }, "7 stands in none"],
  ["an address", { text: "See https://evil.example/.", findings: [1] }, "leave addresses out"],
] as const)("text that rests on %s is sent back", (_what, { text, findings: numbers }, part) => {
  expect(issuesOf({ text, findings: [...numbers] }, "summary")).toContain(part);
});

test("one page does not disagree with itself", () => {
  expect(issuesOf({ text: "Small, or unknown.", findings: [2, 3] }, "disagreements")).toContain(
    "at least two pages",
  );
});
