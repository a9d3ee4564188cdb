import type { Conversation, Reply } from "@agentwerk/llm-simulator";

/**
 * Answers as a model would: knows nothing but the conversation, lets count_letters count, and picks the highest number. Its
 * first result has words where the schema wants a number, so that the correction can be seen.
 */
export function simulatedModel({ messages }: Conversation): Reply {
  const calls = messages.flatMap(({ toolCalls }) => toolCalls);
  const counting = calls.find(({ name }) => name === "count_letters");
  const counts = messages.find(({ callId }) => callId !== undefined && callId === counting?.id)?.text;
  if (counts === undefined) {
    const text = messages.map((message) => taskPattern.exec(message.text)?.[1]).find(Boolean);
    if (text === undefined) return "I cannot find the text that I am asked about.";
    return { toolCalls: [{ name: "count_letters", input: { text } }] };
  }
  const [letter = "", count = 0] = highest(JSON.parse(counts));
  const wasRefused = calls.some(({ name }) => name === "write_result");
  const input = { letter, count: wasRefused ? count : `${count} times` };
  return { toolCalls: [{ name: "write_result", input }] };
}

const taskPattern = /Which letter .*\n\n([\s\S]+)$/;

function highest(counts: Readonly<Record<string, number>>): readonly [string, number] | readonly [] {
  return Object.entries(counts).sort(([, left], [, right]) => right - left)[0] ?? [];
}
