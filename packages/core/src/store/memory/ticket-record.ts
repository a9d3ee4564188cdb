import type { Reply } from "../../ticket/reply.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";
import type { TicketBody, TicketEnd, TicketState } from "../rules/ticket-state.ts";

/** Everything that the memory store knows of one ticket. */
export interface TicketRecord {
  readonly number: number;
  state: TicketState;
  body: TicketBody;
  end: TicketEnd | undefined;
  readonly replies: Reply[];
  /** Open tickets that wait for this one. */
  dependents: TicketKey[];
  /** Counts its moves in the queue, so that entries of earlier stays are recognised. */
  stay: number;
  /** Counts the changes of its lease, for the same reason. */
  lease: number;
}
