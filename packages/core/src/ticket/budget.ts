import type { TicketKey } from "./ticket-key.ts";

/** Money and tokens that were spent, or are reserved for requests under way. */
export interface Amounts {
  /** US dollars. */
  readonly cost: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What a ticket and all its descendants may spend together. Absent limits do not limit. */
export interface Budget {
  /** US dollars. A model without a price is refused. */
  readonly maxCost?: number | undefined;
  readonly maxInputTokens?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
}

export type BudgetLimit = keyof Budget;

/** The budget of a ticket, as it binds that ticket and everything below it. */
export interface Envelope extends Budget {
  readonly key: TicketKey;
}

export const noAmounts: Amounts = { cost: 0, inputTokens: 0, outputTokens: 0 };

/** Which of the amounts each limit is about. */
export const limitedAmounts: Readonly<Record<BudgetLimit, keyof Amounts>> = {
  maxCost: "cost",
  maxInputTokens: "inputTokens",
  maxOutputTokens: "outputTokens",
};

export function addAmounts(left: Amounts, right: Amounts): Amounts {
  return {
    cost: left.cost + right.cost,
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
  };
}

/** The limits of a budget that are set. */
export function limitsOf(budget: Budget): readonly (readonly [limit: BudgetLimit, maximum: number])[] {
  const limits: [BudgetLimit, number][] = [];
  for (const limit of ["maxCost", "maxInputTokens", "maxOutputTokens"] as const) {
    const maximum = budget[limit];
    if (maximum !== undefined) limits.push([limit, maximum]);
  }
  return limits;
}
