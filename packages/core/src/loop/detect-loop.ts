import { type Message, type ToolResultBlock, textOf } from "../provider/content.ts";

/** How to tell what the loop itself wrote into a conversation. */
interface OwnWords {
  /** Of a user message: the warning that turns repeat. */
  isWarning(text: string): boolean;
  /** Of a result: the call was cut short, so whoever makes it again does not go round in circles. */
  isInterruption(text: string, tool: string): boolean;
}

/** How many of the newest turns made the same calls with the same arguments and got the same results; at least 1. */
export function repeatedTurns(messages: readonly Message[], ownWords: OwnWords): number {
  const turns = newestTurns(messages, ownWords);
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

/** Newest first, up to the first message that a person wrote, an answer without calls or a call that was cut short. */
function* newestTurns(messages: readonly Message[], ownWords: OwnWords): Generator<Turn, undefined> {
  let results: ToolResultBlock[] = [];
  for (let index = messages.length - 1; index > 0; index--) {
    const message = messages[index];
    if (message === undefined) return;
    if (message.role === "tool") {
      results.push(...message.content);
      continue;
    }
    if (message.role === "user") {
      const [block] = message.content;
      if (block?.type === "text" && ownWords.isWarning(block.text)) continue;
      return;
    }
    const calls = message.content.filter((block) => block.type === "tool_call");
    if (calls.length === 0) return;
    const answered = results;
    results = [];
    const tools = new Map(calls.map(({ id, name }) => [id, name]));
    const isCutShort = ({ callId, content, isError }: ToolResultBlock): boolean =>
      isError === true && ownWords.isInterruption(textOf(content), tools.get(callId) ?? "");
    if (answered.some(isCutShort)) return;
    yield {
      calls: JSON.stringify(calls.map(({ name, input }) => [name, input])),
      results: () => JSON.stringify(answered.map((block) => ({ ...block, callId: "" }))),
    };
  }
}
