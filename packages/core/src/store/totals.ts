import type { Work } from "../ticket/ticket.ts";

/** Running sums over tickets, pruned ones included. `work.steps` counts claims. */
export interface Tally {
  readonly created: number;
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly work: Work;
  /** Milliseconds from creation to the end, summed over finished tickets. */
  readonly ticketMs: number;
}

export interface Totals {
  readonly all: Tally;
  /** A ticket counts for each of its labels. */
  readonly labels: Readonly<Record<string, Tally>>;
}
