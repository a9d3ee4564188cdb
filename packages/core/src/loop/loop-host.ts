import type { EventDraft, EventType } from "../event/event.ts";
import type { Remaining } from "../prompt/context-block.ts";
import type { Schema } from "../schema/schema.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import type { Ticket } from "../ticket/ticket.ts";
import type { TicketDraft } from "../ticket/ticket-draft.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import type { TicketAccess } from "../tool/tool-context.ts";
import type { Clock } from "../util/clock.ts";

/** What the loop needs from the system around it; everything else it is handed as data. */
export interface LoopHost {
  readonly store: TicketStore;
  readonly clock: Clock;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  readonly tickets: TicketAccess;
  /** Asked before each request: false ends the work on the ticket in order, because a budget of the run is used up. */
  mayRequest(): boolean | Promise<boolean>;
  remaining(): Remaining | Promise<Remaining>;
  /** The user's own schema of a ticket's result, where this process has it: checks more than its JSON Schema can say. */
  resultSchema(ticket: Ticket): Schema | undefined;
  /**
   * Checks follow-ups as at the front door.
   * @throws AgentwerkError `invalid_input` for one that a contract of its label refuses.
   */
  admit(drafts: readonly TicketDraft[]): Promise<readonly TicketDraft[]>;
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
