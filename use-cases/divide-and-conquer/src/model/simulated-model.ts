import type { Conversation, Reply, ReplyOptions, ScheduledFault } from "@agentwerk/llm-simulator";
import type { SimulatedModelOptions } from "@agentwerk/use-cases-shared";
import { type Mistake, mistakesOf } from "./mistakes.ts";
import { readConversation, type Work } from "./read-conversation.ts";

/**
 * Answers as a model would: knows nothing but the conversation, computes nothing itself, and lets the calculate tool
 * do the sums. Makes the mistakes of its part once each, and mends them when it is told.
 */
export function simulatedReply(conversation: Conversation): Reply {
  const work = readConversation(conversation);
  if (work === undefined) return "I cannot find the task: it should say which numbers to sum up.";
  const mistakes = mistakesOf(work);
  const upper = closedForm(work.to);
  const lower = closedForm(work.from - 1);
  const needed = work.from === 1 ? [upper] : [upper, lower];
  const missing = needed.filter((expression) => !work.values.has(expression));
  if (missing.length > 0) return compute(missing, { work, mistakes });
  const top = work.values.get(upper) ?? "0";
  if (work.from === 1) return finish(top, { work, mistakes });
  const difference = `${top} - ${work.values.get(lower) ?? "0"}`;
  const sum = work.values.get(difference);
  return sum === undefined ? compute([difference], { work, mistakes }) : finish(sum, { work, mistakes });
}

/** One request is refused, as a busy vendor would; the wait is short, so that people see it and do not mind. */
const simulatedFaults: readonly ScheduledFault[] = [
  {
    fault: { kind: "rate_limited", retryAfterMs: 1_000 },
    times: 1,
    when: (conversation) => {
      const work = readConversation(conversation);
      return work !== undefined && mistakesOf(work).has("rate_limit");
    },
  },
];

export const simulated: SimulatedModelOptions = { respond: simulatedReply, faults: simulatedFaults };

interface Situation {
  readonly work: Work;
  readonly mistakes: ReadonlySet<Mistake>;
}

function compute(expressions: readonly string[], { work, mistakes }: Situation): ReplyOptions {
  if (mistakes.has("malformed_arguments") && work.answers === 0) {
    const [first = ""] = expressions;
    return { toolCalls: [{ name: "calculate", arguments: `{"expression": "${first}` }] };
  }
  return {
    text: work.answers === 0 ? `The sum is S(${work.to}) - S(${work.from - 1}).` : "",
    toolCalls: expressions.map((expression) => ({ name: "calculate", input: { expression } })),
  };
}

function finish(sum: string, { work, mistakes }: Situation): ReplyOptions {
  const grouped = mistakes.has("grouped_digits") && !work.triedToFinish;
  const asText = mistakes.has("numbers_as_text");
  return {
    toolCalls: [
      {
        name: "write_result",
        input: {
          from: asText ? String(work.from) : work.from,
          to: asText ? String(work.to) : work.to,
          sum: grouped ? groupDigits(sum) : sum,
        },
      },
    ],
  };
}

function closedForm(n: number): string {
  return `${n}*(${n}+1)*(2*${n}+1)/6`;
}

function groupDigits(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}
