import type { BudgetLimit } from "../ticket/budget.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";

/** How far a limit over a ticket is used, in US dollars or tokens. */
export interface BudgetState {
  readonly limit: BudgetLimit;
  readonly maximum: number;
  readonly spent: number;
  /** Set aside for requests under way. */
  readonly reserved: number;
  /** The ticket that the budget belongs to; absent for that of the run. */
  readonly envelope?: TicketKey | undefined;
}
