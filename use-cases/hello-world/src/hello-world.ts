import { Agent, type AgentwerkEvent, defineTool, type Model, TicketSystem } from "@agentwerk/core";
import { z } from "zod";

const countLettersTool = defineTool({
  name: "count_letters",
  description: "Counts how often each letter stands in a text; small and capital letters are the same.",
  input: z.object({ text: z.string().describe("The text, word for word.") }),
  readOnly: true,
  run: ({ text }) => Object.fromEntries(countLetters(text)),
});

export function countLetters(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [letter] of text.toLowerCase().matchAll(/\p{L}/gu)) {
    counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  return counts;
}

function letterCounter(model: Model): Agent {
  return new Agent({
    name: "letter-counter",
    model,
    role: "You answer questions about the letters of a text. Never count yourself: let count_letters do it.",
    tools: [countLettersTool],
  });
}

export interface Answer {
  readonly letter: string;
  readonly count: number;
}

const answerSchema = z.object({
  letter: z.string().describe("The letter, as a small one."),
  count: z.int().positive().describe("How often it stands in the text."),
});

export interface AskOptions {
  readonly model: Model;
  readonly onEvent: (event: AgentwerkEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

/** @throws AgentwerkError when the ticket ends without a result. */
export async function askForLetter(text: string, { model, onEvent, signal }: AskOptions): Promise<Answer> {
  await using tickets = new TicketSystem({
    agents: [letterCounter(model)],
    policy: { maxTurns: 10, maxRequestRetries: 5 },
  });
  for (const type of shownEvents) tickets.on(type, onEvent);
  const ticket = await tickets.task("Which letter stands most often in this text, and how often?\n\n{text}", {
    schema: answerSchema,
    templateVariables: { text },
  });
  await tickets.runDry({ signal });
  return await ticket.result();
}

const shownEvents = [
  "ticket_created",
  "ticket_started",
  "request_started",
  "request_finished",
  "request_retried",
  "tool_call_started",
  "tool_call_finished",
  "tool_call_failed",
  "schema_retried",
  "ticket_done",
  "ticket_failed",
] as const;

/** Whether it is true; where several letters stand equally often, each of them is. */
export function isRight({ letter, count }: Answer, text: string): boolean {
  const counts = countLetters(text);
  return counts.get(letter) === count && count === Math.max(...counts.values());
}
