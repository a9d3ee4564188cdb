import type { Conversation, Reply } from "@agentwerk/llm-simulator";
import { keywords, overlap } from "./words.ts";

interface Given {
  readonly number: number;
  readonly angle: string;
  readonly claim: string;
  readonly source: string;
  readonly quote: string;
}

interface Task {
  readonly question: string;
  readonly findings: readonly Given[];
}

const summaryLength = 3;
const claimsOfParagraph = 2;

/** Puts the findings in order: those nearest to the question first, then angle by angle, then what contradicts. */
export function simulatedWriter({ messages }: Conversation): Reply {
  const task = readTask(messages.map(({ text }) => text).join("\n"));
  if (task === undefined) return "I cannot find the findings.";
  const { question, findings } = task;
  const subject = keywords(question);
  const byRelevance = [...findings].sort(
    (left, right) => overlap(subject, right.claim) - overlap(subject, left.claim),
  );
  const angles = [...new Set(findings.map(({ angle }) => angle))];
  const sections = angles.map((heading) => ({
    heading,
    paragraphs: paragraphsOf(findings.filter(({ angle }) => angle === heading)),
  }));
  const report = {
    title: question.replace(/\?$/, ""),
    summary: byRelevance
      .slice(0, summaryLength)
      .map(({ claim, number }) => ({ text: claim, findings: [number] })),
    sections,
    disagreements: disagreementsOf(findings),
    open: [],
  };
  return { toolCalls: [{ name: "write_result", input: report }] };
}

function readTask(text: string): Task | undefined {
  const json = /```json\n([\s\S]*?)\n```/.exec(text)?.[1];
  return json === undefined ? undefined : JSON.parse(json);
}

function paragraphsOf(findings: readonly Given[]) {
  const paragraphs = [];
  for (let start = 0; start < findings.length; start += claimsOfParagraph) {
    const claims = findings.slice(start, start + claimsOfParagraph);
    paragraphs.push({
      text: claims.map(({ claim }) => claim).join(" "),
      findings: claims.map(({ number }) => number),
    });
  }
  return paragraphs;
}

/** The same sentence with other numbers, on another page. */
function disagreementsOf(findings: readonly Given[]) {
  const pairs = findings.flatMap((left, index) =>
    findings
      .slice(index + 1)
      .filter((right) => right.source !== left.source && isAtOdds(left.quote, right.quote))
      .map((right) => ({
        text: `One page says "${core(left.quote)}", another "${core(right.quote)}".`,
        findings: [left.number, right.number],
      })),
  );
  return pairs.slice(0, 5);
}

/** The first part of both is the same but for its numbers. */
function isAtOdds(left: string, right: string): boolean {
  const masked = (text: string): string => core(text).replaceAll(/\d[\d,.]*/g, "#");
  return masked(left) === masked(right) && core(left) !== core(right);
}

/** Up to the first comma that no digit follows. */
function core(quote: string): string {
  return quote.replace(/\.$/, "").split(/,(?!\d)/)[0] ?? quote;
}
