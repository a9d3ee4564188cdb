import type { Conversation, Reply, ReplyToolCall } from "@agentwerk/llm-simulator";
import { type ExtractedFinding, extractFindings, furtherPages } from "./extract-findings.ts";
import { type ResearchState, readResearch } from "./read-research.ts";
import { keywords } from "./words.ts";

/** Pages that are read for one angle. */
const mostPages = 4;

/**
 * Searches, reads the best pages, and writes down sentences that answer the angle. The first angle's first result also cites
 * a page that nobody fetched, the second's a passage with another number; sent back, both are mended.
 */
export function simulatedResearcher(conversation: Conversation): Reply {
  const state = readResearch(conversation);
  if (state === undefined) return "I cannot find the task: it should name an angle.";
  if (state.searched === 0) {
    const toolCalls = state.queries.map((query) => ({ name: "web_search", input: { query, count: 6 } }));
    return { text: `I look for ${state.queries[0]}.`, toolCalls };
  }
  const unread = state.found
    .filter(({ url }) => !state.tried.has(url))
    .slice(0, mostPages - state.tried.size);
  if (unread.length > 0)
    return { toolCalls: unread.map(({ url }) => ({ name: "web_fetch", input: { url } })) };
  return { toolCalls: [finish(state)] };
}

function finish(state: ResearchState): ReplyToolCall {
  const findings = extractFindings(state);
  const [best] = findings;
  const answer = best === undefined ? "No page that I read says anything about it." : best.claim;
  const result = { answer, findings: withMistake(findings, state) };
  const [further] = state.number === 1 ? furtherPages(state) : [];
  if (!state.mayHandOver || further === undefined) return { name: "write_result", input: result };
  const task = `The whole question: ${state.question}

Angle ${state.number} of ${state.angles}: What does "${further.title}" add, what is known about it and how does it work?

Search queries to begin with:
- ${keywords(further.title).join(" ")}

Handed over from {parent_key}.`;
  return { name: "write_handover", input: { result, task, labels: ["research"] } };
}

function withMistake(
  findings: readonly ExtractedFinding[],
  { number, triedToFinish, isFollowUp, pages }: ResearchState,
): readonly ExtractedFinding[] {
  if (triedToFinish || isFollowUp) return findings;
  if (number === 1) {
    const url = new URL("/press-release", pages[0]?.url ?? "https://example.org").href;
    const claim = "An official statement confirms all of this.";
    return [...findings, { claim, url, quote: "We confirm all of this officially." }];
  }
  if (number !== 2) return findings;
  const wrong = findings.findIndex(({ quote }) => /\d/.test(quote));
  return findings.map((finding, index) =>
    index === wrong
      ? { ...finding, quote: finding.quote.replace(/\d/, (digit) => String(9 - Number(digit))) }
      : finding,
  );
}
