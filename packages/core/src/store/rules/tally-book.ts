import { type Amounts, addAmounts, type Envelope, noAmounts } from "../../ticket/budget.ts";
import { isFinal, type TicketStatus, type Work } from "../../ticket/ticket.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";
import type { Tally, Totals } from "../totals.ts";
import type { TicketState } from "./ticket-state.ts";

/** The numbers of a {@link Tally}, flat and in a fixed order, so that engines can store and add them. */
export const tallyFields = [
  "created",
  "done",
  "failed",
  "cancelled",
  "ticket_ms",
  "steps",
  "turns",
  "requests",
  "tool_calls",
  "errors",
  "work_ms",
  "cost",
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
] as const;

/** Stands for the sum over all tickets; no label is empty. */
export const allLabels = "";

/** How many tickets are in each status that is not final. */
export interface OpenCounts {
  todo: number;
  in_progress: number;
  waiting: number;
}

/**
 * Sums what tickets contribute to the totals, as differences between two states of a ticket.
 * Whatever changes a ticket goes through here, so totals are always the sums over tickets.
 */
export class TallyBook {
  readonly sums: Map<string, number[]> = new Map();
  readonly open: OpenCounts = { todo: 0, in_progress: 0, waiting: 0 };
  /** What tickets within an envelope spent. */
  readonly envelopes: Map<TicketKey, Amounts> = new Map();

  /** `before` is absent for a new ticket. */
  record(before: TicketState | undefined, after: TicketState): void {
    if (after.envelopes !== undefined) this.#recordSpent(before, after, after.envelopes);
    if (before !== undefined && before.status === after.status && before.work === after.work) {
      if (before.labels !== after.labels) this.#relabel(before, after);
      return;
    }
    if (before === undefined) {
      this.#add(after, tallyOf(after), 1);
      this.#count(after.status, 1);
      return;
    }
    this.#count(before.status, -1);
    this.#count(after.status, 1);
    if (before.labels !== after.labels) {
      this.#relabel(before, after);
      return;
    }
    const difference = tallyOf(after);
    subtractFrom(difference, tallyOf(before));
    this.#add(after, difference, 1);
  }

  #recordSpent(before: TicketState | undefined, after: TicketState, envelopes: readonly Envelope[]): void {
    if (before?.work === after.work) return;
    const [was, is] = [spentBy(before?.work), spentBy(after.work)];
    const difference = {
      cost: is.cost - was.cost,
      inputTokens: is.inputTokens - was.inputTokens,
      outputTokens: is.outputTokens - was.outputTokens,
    };
    for (const { key } of envelopes) {
      this.envelopes.set(key, addAmounts(this.envelopes.get(key) ?? noAmounts, difference));
    }
  }

  #relabel(before: TicketState, after: TicketState): void {
    this.#add(before, tallyOf(before), -1);
    this.#add(after, tallyOf(after), 1);
  }

  #count(status: TicketStatus, by: 1 | -1): void {
    if (!isFinal(status)) this.open[status] += by;
  }

  #add(state: TicketState, tally: readonly number[], sign: 1 | -1): void {
    this.#addTo(allLabels, tally, sign);
    for (const label of state.labels) this.#addTo(label, tally, sign);
  }

  #addTo(label: string, tally: readonly number[], sign: 1 | -1): void {
    const sum = this.sums.get(label);
    if (sum === undefined) {
      this.sums.set(
        label,
        tally.map((value) => sign * value),
      );
      return;
    }
    for (let index = 0; index < tally.length; index++) {
      sum[index] = (sum[index] ?? 0) + sign * (tally[index] ?? 0);
    }
  }
}

function spentBy(work: Work | undefined): Amounts {
  if (work === undefined) return noAmounts;
  return { cost: work.cost, inputTokens: work.usage.inputTokens, outputTokens: work.usage.outputTokens };
}

/** The money and tokens of a sum over tickets. */
export function amountsOf(sum: readonly number[] | undefined): Amounts {
  const at = (field: (typeof tallyFields)[number]): number => sum?.[tallyFields.indexOf(field)] ?? 0;
  return { cost: at("cost"), inputTokens: at("input_tokens"), outputTokens: at("output_tokens") };
}

function subtractFrom(left: number[], right: readonly number[]): void {
  for (let index = 0; index < left.length; index++) left[index] = (left[index] ?? 0) - (right[index] ?? 0);
}

/** What one ticket contributes, in the order of {@link tallyFields}. */
function tallyOf(state: TicketState): number[] {
  const { work, status } = state;
  const { usage } = work;
  return [
    1,
    status === "done" ? 1 : 0,
    status === "failed" ? 1 : 0,
    status === "cancelled" ? 1 : 0,
    state.finishedAt === undefined ? 0 : state.finishedAt - state.createdAt,
    work.steps,
    work.turns,
    work.requests,
    work.toolCalls,
    work.errors,
    work.workMs,
    work.cost,
    usage.inputTokens,
    usage.outputTokens,
    usage.cacheReadTokens,
    usage.cacheWriteTokens,
    usage.reasoningTokens,
  ];
}

function toTally(sum: readonly number[]): Tally {
  const at = (field: (typeof tallyFields)[number]): number => sum[tallyFields.indexOf(field)] ?? 0;
  return {
    created: at("created"),
    done: at("done"),
    failed: at("failed"),
    cancelled: at("cancelled"),
    ticketMs: at("ticket_ms"),
    work: {
      steps: at("steps"),
      turns: at("turns"),
      requests: at("requests"),
      toolCalls: at("tool_calls"),
      errors: at("errors"),
      workMs: at("work_ms"),
      cost: at("cost"),
      usage: {
        inputTokens: at("input_tokens"),
        outputTokens: at("output_tokens"),
        cacheReadTokens: at("cache_read_tokens"),
        cacheWriteTokens: at("cache_write_tokens"),
        reasoningTokens: at("reasoning_tokens"),
      },
    },
  };
}

/** Totals from stored sums; labels that no ticket carries any more are left out. */
export function toTotals(sums: Iterable<readonly [label: string, sum: readonly number[]]>): Totals {
  let all = toTally([]);
  const labels: [string, Tally][] = [];
  for (const [label, sum] of sums) {
    if (label === allLabels) all = toTally(sum);
    else if ((sum[0] ?? 0) > 0) labels.push([label, toTally(sum)]);
  }
  labels.sort(([left], [right]) => (left < right ? -1 : 1));
  return { all, labels: Object.fromEntries(labels) };
}
