import type { AssistantContent, Message } from "../provider/content.ts";
import type { Reply } from "../ticket/reply.ts";
import { type AskedCall, readAskedCalls } from "./asked-calls.ts";

export interface Conversation {
  readonly messages: Message[];
  /** What people wrote while calls were open that still are: goes behind their results. */
  readonly held: Message[];
  /** Calls of the last answer that put a question to a person, by id. */
  readonly asked: ReadonlyMap<string, AskedCall>;
  /** What people said. */
  readonly comments: number;
  readonly answers: number;
  readonly turns: number;
  readonly schemaRetries: number;
}

/**
 * Turns stored replies into the messages of a request. What a person wrote between a call and its result moves behind
 * the result, because vendors want results right after their calls, and what was written while the model answered behind
 * that answer; counts start anew where a person spoke.
 */
export function readConversation(replies: readonly Reply[]): Conversation {
  const messages: Message[] = [];
  let answers = 0;
  let turns = 0;
  let schemaRetries = 0;
  let open = 0;
  let held: Message[] = [];
  for (const { message, purpose, keeps = 0 } of asHeard(replies.filter(isShown))) {
    if (purpose === "summary") {
      summarise(messages, { summary: message, keeps });
      continue;
    }
    if (purpose === "comment") {
      turns = 0;
      schemaRetries = 0;
    } else if (purpose === "directive") schemaRetries++;
    if (message.role === "assistant") {
      answers++;
      turns++;
      open = countCalls(message.content);
    } else if (message.role === "tool") open -= message.content.length;
    if (message.role === "user" && open > 0) {
      held.push(message);
      continue;
    }
    if (purpose === "prompt") messages.unshift(message);
    else messages.push(message);
    if (open > 0 || held.length === 0) continue;
    messages.push(...held);
    held = [];
  }
  const asked = readAskedCalls(replies);
  const comments = replies.filter(isComment).length;
  return { messages, held, asked, comments, answers, turns, schemaRetries };
}

/** With each comment behind the answers and summaries that were made without it, where they say so. */
function asHeard(replies: readonly Reply[]): readonly Reply[] {
  if (!replies.some(isComment)) return replies;
  let ordered: Reply[] = [];
  const comments: Reply[] = [];
  for (const reply of replies) {
    const unheard = reply.heard === undefined ? [] : comments.slice(reply.heard);
    if (unheard.length > 0) ordered = ordered.filter((earlier) => !unheard.includes(earlier));
    ordered.push(reply, ...unheard);
    if (isComment(reply)) comments.push(reply);
  }
  return ordered;
}

function isComment({ purpose }: Reply): boolean {
  return purpose === "comment";
}

function isShown({ purpose }: Reply): boolean {
  return purpose !== "asked" && purpose !== "answered";
}

function countCalls(content: readonly AssistantContent[]): number {
  return content.filter(({ type }) => type === "tool_call").length;
}

/** Puts the summary in place; results whose calls were summarised go with them. */
function summarise(
  messages: Message[],
  { summary, keeps }: { readonly summary: Message; readonly keeps: number },
): void {
  const kept = messages.splice(1).slice(-keeps || Number.POSITIVE_INFINITY);
  const start = kept.findIndex(({ role }) => role !== "tool");
  messages.push(summary, ...(start === -1 ? [] : kept.slice(start)));
}
