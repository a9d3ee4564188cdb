import type { EventDraft, EventType } from "../event/event.ts";
import type { Remaining } from "../prompt/context-block.ts";
import type { Model } from "../provider/model.ts";
import type { Schema } from "../schema/schema.ts";
import type { Lease, TicketStore } from "../store/ticket-store.ts";
import type { Ticket } from "../ticket/ticket.ts";
import type { TicketDraft } from "../ticket/ticket-draft.ts";
import type { TicketFailure } from "../ticket/ticket-failure.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import type { TicketAccess } from "../tool/tool-context.ts";
import type { Clock } from "../util/clock.ts";
import type { WorstCase } from "./worst-case.ts";

/** A request that would like to be sent. */
export interface RequestWish {
  readonly ticket: Ticket;
  readonly lease: Lease;
  readonly amounts: WorstCase;
  /** Aborts the wait. */
  readonly signal: AbortSignal;
}

export type Admission =
  | { readonly kind: "granted" }
  /** The run ends. */
  | { readonly kind: "stopped" }
  /** A budget of the ticket is used up, or the price of the model is not known. */
  | { readonly kind: "failed"; readonly failure: TicketFailure };

/** What the loop needs from the system around it; everything else it is handed as data. */
export interface LoopHost {
  readonly store: TicketStore;
  readonly clock: Clock;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  readonly tickets: TicketAccess;
  /** Asked before each turn: false ends the work on the ticket in order, because the run ends. */
  mayRequest(): boolean;
  /** Whether a budget of the run or of the ticket holds, so that each request has to be reserved for. */
  isBudgeted(ticket: Ticket): boolean;
  /** Sets the worst case of a request aside; waits while only reservations of others stand in the way. */
  reserve(request: RequestWish): Promise<Admission>;
  remaining(): Remaining | Promise<Remaining>;
  /** The user's own schema of a ticket's result, where this process has it: checks more than its JSON Schema can say. */
  resultSchema(ticket: Ticket): Schema | undefined;
  /**
   * Checks follow-ups as at the front door.
   * @throws AgentwerkError `invalid_input` for one that a contract of its label refuses.
   */
  admit(drafts: readonly TicketDraft[]): Promise<readonly TicketDraft[]>;
  /** @throws AgentwerkError `invalid_input` for a name that means no model here. */
  resolveModel(name: string): Model;
  listens(type: EventType): boolean;
  /** Tells listeners of an event that is not stored. */
  emit(event: EventDraft): void;
  /** Keeps a long output whole; answers where, for the model to read. */
  saveOutput(options: {
    readonly ticket: TicketKey;
    readonly callId: string;
    readonly text: string;
  }): Promise<string>;
}

/** How the work on a claimed ticket ended, for the one who hands out slots. */
export type WorkEnd = "final" | "parked" | "released" | "lost";
