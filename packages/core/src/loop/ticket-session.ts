import type { AgentDefinition, Directives } from "../agent/agent-definition.ts";
import { directiveDefaults } from "../prompt/directive-defaults.ts";
import { systemPrompt } from "../prompt/system-prompt.ts";
import { taskPrompt } from "../prompt/task-prompt.ts";
import type { Message } from "../provider/content.ts";
import { textBlock } from "../provider/content.ts";
import type { Claim } from "../store/ticket-store.ts";
import { findOpenCalls, type OpenCall } from "../ticket/close-open-calls.ts";
import type { Reply } from "../ticket/reply.ts";
import { describeOutcomes } from "../tool/describe-outcomes.ts";
import type { AskedCall } from "./asked-calls.ts";
import type { LoopHost } from "./loop-host.ts";
import { readConversation } from "./read-conversation.ts";
import type { TicketLimits } from "./ticket-limits.ts";
import type { TicketWriter } from "./ticket-writer.ts";
import { collectTools, type ToolSet } from "./tool-set.ts";

/** One ticket while a worker has it: fixed parts first, then what grows from turn to turn. */
export interface TicketSession {
  readonly host: LoopHost;
  readonly agent: AgentDefinition;
  readonly claim: Claim;
  readonly limits: TicketLimits;
  readonly directives: Directives;
  readonly writer: TicketWriter;
  /** Aborts when the run stops, the ticket is cancelled or the lease is lost. */
  readonly signal: AbortSignal;
  readonly system: string;
  readonly tools: ToolSet;
  /** Only ever appended to, so that each request's beginning equals the one before; a compaction starts it anew. */
  readonly messages: Message[];
  /** What people wrote while the open calls below were open. */
  readonly held: Message[];
  /** Those of the open calls that put questions to a person, by id. */
  readonly asked: ReadonlyMap<string, AskedCall>;
  /** Calls that an earlier worker left without a result. */
  readonly openCalls: readonly OpenCall[];
  /** Tokens of the first `messages` messages, system prompt and tools, as the vendor counted them last. */
  measured: { readonly tokens: number; readonly messages: number };
  /** Answers of the model in the whole conversation; numbers the calls. */
  answers: number;
  /** Comments of people that the model was shown, or is with the next request. */
  comments: number;
  /** Answers since a person last spoke: what `maxTurns` counts. */
  turns: number;
  /** Corrections since a person last spoke. */
  schemaRetries: number;
}

export interface SessionOptions {
  readonly host: LoopHost;
  readonly agent: AgentDefinition;
  readonly claim: Claim;
  readonly limits: TicketLimits;
  readonly writer: TicketWriter;
  readonly signal: AbortSignal;
}

/** Makes a claimed ticket ready to work: tools, system prompt, and its conversation, begun or continued. */
export async function openSession(options: SessionOptions): Promise<TicketSession> {
  const { host, agent, claim, limits, signal, writer } = options;
  const tools = await collectTools({ agent, ticket: claim.ticket, host, signal, writer });
  const session: TicketSession = {
    ...options,
    directives: { ...directiveDefaults, ...agent.directives },
    system: await systemPrompt(agent, claim.ticket),
    tools,
    ...readConversation(claim.replies),
    openCalls: findOpenCalls(claim.replies),
    measured: { tokens: 0, messages: 0 },
  };
  if (!claim.replies.some(({ purpose }) => purpose === "prompt")) {
    const remaining = { ...(await host.remaining()), turns: limits.maxTurns };
    const text = taskPrompt({ agent, ticket: claim.ticket, now: host.clock.now(), remaining });
    const message: Message = { role: "user", content: [textBlock(text)] };
    // What people said before the work began stands behind the task.
    session.messages.unshift(message);
    writer.note({ replies: [{ message, purpose: "prompt" }] });
  }
  await tellOutcomes(session);
  return session;
}

/** A ticket that waited for its children goes on with what became of them, behind the results of calls that are open. */
async function tellOutcomes({
  claim,
  host,
  held,
  messages,
  openCalls,
  writer,
}: TicketSession): Promise<void> {
  if (claim.replies.findLast(({ purpose }) => purpose !== "comment")?.purpose !== "waiting") return;
  const children = await host.tickets.find({ parent: claim.ticket.key });
  const message: Message = { role: "user", content: [textBlock(describeOutcomes(children))] };
  (openCalls.length > 0 ? held : messages).push(message);
  writer.note({ replies: [{ message, purpose: "outcomes" }] });
}

/** Adds a correction to the conversation; it is stored with the next commit. */
export function say({ messages, writer }: TicketSession, directive: string): void {
  const message: Message = { role: "user", content: [textBlock(directive)] };
  messages.push(message);
  writer.note({ replies: [{ message, purpose: "directive" }] });
}

/** Puts what people wrote meanwhile at the end of the conversation, where no call is open. */
export function hear(session: TicketSession, arrived: readonly Reply[]): void {
  for (const { message } of arrived) session.messages.push(message);
  if (arrived.length === 0) return;
  session.comments += arrived.length;
  session.turns = 0;
  session.schemaRetries = 0;
}
