import { type Message, type ToolCallBlock, type ToolResultBlock, textOf } from "../provider/content.ts";

/** How to tell what the loop itself wrote into a conversation. */
interface OwnWords {
  /** Of a user message: the warning that turns repeat. */
  isWarning(text: string): boolean;
  /** Of a result: the call was cut short, so whoever makes it again does not go round in circles. */
  isInterruption(text: string, call: ToolCallBlock): boolean;
}

/** The newest turns that made the same calls with the same arguments and got the same results. */
interface Repeats {
  /** At least 1. */
  readonly count: number;
  /** Whether the model was told so behind one of them. */
  readonly isWarned: boolean;
}

export function repeatedTurns(messages: readonly Message[], ownWords: OwnWords): Repeats {
  const turns = newestTurns(messages, ownWords);
  const newest = turns.next().value;
  if (newest === undefined) return { count: 1, isWarned: false };
  let { isWarned } = newest;
  let count = 1;
  for (const turn of turns) {
    if (turn.calls !== newest.calls || turn.results() !== newest.results()) break;
    isWarned ||= turn.isWarned;
    count++;
  }
  return { count, isWarned };
}

interface Turn {
  readonly calls: string;
  /** Whether a warning stands behind it. */
  readonly isWarned: boolean;
  /** Results can be long: only compared when the calls are equal. */
  readonly results: () => string;
}

/** Newest first, up to the first message that a person wrote, an answer without calls or a call that was cut short. */
function* newestTurns(messages: readonly Message[], ownWords: OwnWords): Generator<Turn, undefined> {
  let results: ToolResultBlock[] = [];
  let isWarned = false;
  for (let index = messages.length - 1; index > 0; index--) {
    const message = messages[index];
    if (message === undefined) return;
    if (message.role === "tool") {
      results.push(...message.content);
      continue;
    }
    if (message.role === "user") {
      const [block] = message.content;
      if (block?.type !== "text" || !ownWords.isWarning(block.text)) return;
      isWarned = true;
      continue;
    }
    const calls = message.content.filter((block) => block.type === "tool_call");
    if (calls.length === 0) return;
    const answered = results;
    results = [];
    const byId = new Map(calls.map((call) => [call.id, call]));
    const isCutShort = ({ callId, content, isError }: ToolResultBlock): boolean => {
      const call = byId.get(callId);
      return isError === true && call !== undefined && ownWords.isInterruption(textOf(content), call);
    };
    if (answered.some(isCutShort)) return;
    yield {
      isWarned,
      calls: JSON.stringify(calls.map(({ name, input }) => [name, input])),
      results: () => JSON.stringify(answered.map((block) => ({ ...block, callId: "" }))),
    };
    isWarned = false;
  }
}
