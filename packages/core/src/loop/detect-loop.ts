import type { Message } from "../provider/content.ts";

/** How many of the newest turns made the same calls with the same arguments and got the same results; at least 1. */
export function repeatedTurns(messages: readonly Message[], isDirective: (text: string) => boolean): number {
  const turns = newestTurns(messages, isDirective);
  const newest = turns.next().value;
  if (newest === undefined) return 1;
  let count = 1;
  for (const turn of turns) {
    if (turn.calls !== newest.calls || turn.results() !== newest.results()) break;
    count++;
  }
  return count;
}

interface Turn {
  readonly calls: string;
  /** Results can be long: only compared when the calls are equal. */
  readonly results: () => string;
}

/** Newest first, up to the first message that a person wrote or an answer without calls. */
function* newestTurns(
  messages: readonly Message[],
  isDirective: (text: string) => boolean,
): Generator<Turn, undefined> {
  let results: Message[] = [];
  for (let index = messages.length - 1; index > 0; index--) {
    const message = messages[index];
    if (message === undefined) return;
    if (message.role === "tool") {
      results.push(message);
      continue;
    }
    if (message.role === "user") {
      const [block] = message.content;
      if (block?.type === "text" && isDirective(block.text)) continue;
      return;
    }
    const calls = message.content.flatMap((block) =>
      block.type === "tool_call" ? [[block.name, block.input]] : [],
    );
    if (calls.length === 0) return;
    const answered = results;
    results = [];
    yield {
      calls: JSON.stringify(calls),
      results: () =>
        JSON.stringify(answered.map(({ content }) => content.map((block) => ({ ...block, callId: "" })))),
    };
  }
}
