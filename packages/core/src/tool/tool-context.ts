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
  readonly tickets: TicketAccess;
  /** All tools of the ticket, deferred ones included. */
  readonly tools: readonly Tool[];
  /** Tells people what a long call is doing; costs the model nothing. */
  report(progress: string): void;
}
