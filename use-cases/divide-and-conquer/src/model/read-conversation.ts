import type { Conversation } from "@agentwerk/llm-simulator";

/** What the simulated model finds in the messages that it was sent. */
export interface Work {
  readonly part: number;
  readonly parts: number;
  readonly from: number;
  readonly to: number;
  /** Results of the calculate tool, by expression. */
  readonly values: ReadonlyMap<string, string>;
  /** Its own messages so far. */
  readonly answers: number;
  /** It has called write_result before, so that was refused. */
  readonly triedToFinish: boolean;
}

const taskPattern = /Part (\d+) of (\d+):.* from (\d+) to (\d+)/;

/** `undefined` when no message holds a task. */
export function readConversation({ messages }: Conversation): Work | undefined {
  const task = messages.map(({ text }) => taskPattern.exec(text)).find((match) => match !== null);
  if (task === null || task === undefined) return undefined;
  const [part = 0, parts = 0, from = 0, to = 0] = task.slice(1).map(Number);
  const calls = messages.flatMap(({ toolCalls }) => toolCalls);
  const values = new Map<string, string>();
  for (const { callId, text } of messages) {
    const expression = expressionOf(calls.find(({ id }) => id === callId)?.input);
    if (expression !== undefined && /^-?\d+$/.test(text)) values.set(expression, text);
  }
  return {
    part,
    parts,
    from,
    to,
    values,
    answers: messages.filter(({ role }) => role === "assistant").length,
    triedToFinish: calls.some(({ name }) => name === "write_result"),
  };
}

function expressionOf(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null || !("expression" in input)) return undefined;
  return typeof input.expression === "string" ? input.expression : undefined;
}
