import type { EventDraft } from "../event/event.ts";
import type { Message } from "../provider/content.ts";
import type { FileKind } from "../provider/model.ts";
import type { ModelResponse } from "../provider/provider.ts";
import type { TicketFilter, TicketUpdate } from "../store/ticket-store.ts";
import type { Reply } from "../ticket/reply.ts";
import type { Ticket } from "../ticket/ticket.ts";
import type { TicketDraft } from "../ticket/ticket-draft.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import type { Tool } from "./tool.ts";

/** The tickets of the namespace, as a tool may use them. Every input is checked as at the front door. */
export interface TicketAccess {
  create(drafts: readonly TicketDraft[]): Promise<readonly Ticket[]>;
  get(key: TicketKey): Promise<Ticket | undefined>;
  find(filter: TicketFilter): Promise<readonly Ticket[]>;
  replies(key: TicketKey): Promise<readonly Reply[]>;
  update(key: TicketKey, change: TicketUpdate): Promise<Ticket>;
}

type EventOfTool<Draft> = Draft extends { readonly type: "knowledge_written" | "knowledge_removed" }
  ? Omit<Draft, "agent" | "ticket" | "labels">
  : never;

/** What a tool may tell about itself; whose it is, is added. */
export type ToolEventDraft = EventOfTool<EventDraft>;

/** What a tool may ask of the agent's model. */
export interface GenerateRequest {
  readonly system?: string | undefined;
  readonly messages: readonly Message[];
  readonly maxOutputTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly stopSequences?: readonly string[] | undefined;
}

/** What a tool's `run` gets besides its input. */
export interface ToolContext {
  /** Aborts when the ticket is cancelled, the run stops or the call's time is up. */
  readonly signal: AbortSignal;
  /** The agent's working directory, absolute. */
  readonly dir: string;
  readonly ticket: Ticket;
  readonly agent: string;
  /** Names this call; the same after a crash and resume, so it serves as an idempotency key. */
  readonly callId: string;
  /** What people answered to the questions that this call asked before, in order; see `askPerson`. */
  readonly answers: readonly string[];
  /** The files that the agent's model takes in a tool's result, besides text. */
  readonly accepts: ReadonlySet<FileKind>;
  readonly tickets: TicketAccess;
  /** All tools of the ticket, deferred ones included. */
  readonly tools: readonly Tool[];
  /** Tells people what a long call is doing; costs the model nothing. */
  report(progress: string): void;
  /**
   * Asks the agent's model aside from the conversation; retried like any request, and paid from the ticket's budgets.
   * @throws AgentwerkError `provider_failed` when it gave no answer.
   */
  generate(request: GenerateRequest): Promise<ModelResponse>;
  /** Adds an event to those of the call; it is stored with the call's result. */
  emit(event: ToolEventDraft): void;
}
