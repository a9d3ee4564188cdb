import type { Conversation, Reply } from "@agentwerk/llm-simulator";
import { keywords } from "./words.ts";

interface Template {
  readonly title: string;
  readonly question: (subject: string) => string;
  readonly words: readonly string[];
}

/** Ways to look at anything. */
const templates: readonly Template[] = [
  {
    title: "What it is",
    question: (subject) => `What is known about ${subject}, and how does it work?`,
    words: ["turbine", "works", "allows"],
  },
  {
    title: "In figures",
    question: (subject) => `What are the figures for ${subject}: sizes, numbers, yields?`,
    words: ["figures", "counts", "capacity"],
  },
  {
    title: "What speaks against it",
    question: (subject) => `What problems, losses and objections are there around ${subject}?`,
    words: ["fear", "object", "pressure", "lost", "fell"],
  },
  {
    title: "Costs and money",
    question: (subject) => `What does ${subject} cost, and who pays?`,
    words: ["cost", "price", "crowns"],
  },
  {
    title: "Outlook",
    question: (subject) => `What is planned or expected for ${subject}?`,
    words: ["plans", "second", "new"],
  },
  {
    title: "Beginnings",
    question: (subject) => `How did ${subject} come about, and since when?`,
    words: ["since", "first"],
  },
];

/** Breaks the question into angles by what it is about. Its first arguments are no JSON; told so, it writes them again. */
export function simulatedPlanner({ messages }: Conversation): Reply {
  const task = messages.map(({ text }) => text).join("\n");
  const [, question = "", number = "1"] =
    /Question: ([\s\S]+?)\n\nBreak it into (\d+) angles/.exec(task) ?? [];
  const subject = keywords(question).slice(0, 6);
  const angles = templates.slice(0, Number(number)).map(({ title, question: ask, words }) => ({
    title,
    question: ask(subject.join(" ")),
    queries: [[...subject.slice(0, 3), ...words].join(" "), subject.join(" ")],
  }));
  const isFirst = !messages.some(({ role }) => role === "assistant");
  const call = { name: "write_result", input: { angles } };
  if (!isFirst) return { toolCalls: [call] };
  const cut = JSON.stringify({ angles }).slice(0, -3);
  return { text: `The question is about ${subject.join(", ")}.`, toolCalls: [{ ...call, arguments: cut }] };
}
