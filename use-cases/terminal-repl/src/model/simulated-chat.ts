import type { Conversation, ConversationMessage, Reply, ReplyToolCall } from "@agentwerk/llm-simulator";
import { answerFrom } from "./answer-from.ts";
import { understand } from "./understand.ts";

/** What the person wants and what has been found out since. */
export interface Turn {
  readonly request: string;
  /** What the person said before, oldest first; summaries stand for what was compacted. */
  readonly earlier: readonly string[];
  readonly results: readonly ToolAnswer[];
}

export interface ToolAnswer {
  readonly tool: string;
  readonly input: unknown;
  readonly text: string;
}

/**
 * Answers as a model would, by rules: it knows nothing but the conversation, looks things up with the tools, and answers
 * from what they bring.
 */
export function simulatedChat(conversation: Conversation): Reply {
  if (conversation.toolChoice === "none" || conversation.tools.length === 0) return summarise(conversation);
  const turn = readTurn(conversation);
  const intent = understand(turn);
  if (intent.kind === "answer") return intent.text;
  const pending = intent.calls[turn.results.length];
  const last = turn.results.at(-1);
  if (pending === undefined || (last !== undefined && /^(Not run|The call of)/.test(last.text)))
    return answerFrom(turn);
  const call: ReplyToolCall = { name: pending.tool, input: pending.input };
  return turn.results.length === 0 ? { text: intent.intro, toolCalls: [call] } : { toolCalls: [call] };
}

function readTurn({ messages }: Conversation): Turn {
  const people = messages.filter(({ role }) => role === "user").map(({ text }) => withoutHead(text));
  const start = messages.findLastIndex(({ role }) => role === "user");
  const calls = messages.flatMap(({ toolCalls }) => toolCalls);
  const results = messages.slice(start).flatMap((message): readonly ToolAnswer[] => toAnswer(message, calls));
  return { request: (people.at(-1) ?? "").trim(), earlier: people.slice(0, -1), results };
}

function toAnswer(
  { role, callId, text }: ConversationMessage,
  calls: ConversationMessage["toolCalls"],
): readonly ToolAnswer[] {
  const call = calls.findLast(({ id }) => id === callId);
  return role === "tool" && call !== undefined
    ? [{ tool: call.name, input: call.input, text: text.replace(/^Error: /, "") }]
    : [];
}

/** The first message begins with facts about the machine and the ticket's key. */
function withoutHead(text: string): string {
  return text.replace(/^<context>[\s\S]*?<\/context>\s*/, "").replace(/^Ticket TICKET-\d+:\s*/, "");
}

/** What people said, word for word and one a line: it can be read again where the messages were. */
function summarise({ messages }: Conversation): string {
  const text = messages.map((message) => message.text).join("\n");
  const said = text.split(/^\[(?=user|assistant|tool)/m).filter((part) => part.startsWith("user]"));
  const lines = said.map((part) => part.slice("user]".length).trim().split("\n")[0] ?? "");
  return `What the person said so far:\n${lines.map((line) => `- ${line.slice(0, 200)}`).join("\n")}`;
}
