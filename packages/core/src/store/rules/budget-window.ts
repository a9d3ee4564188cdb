import type { Amounts } from "../../ticket/budget.ts";

/**
 * The runs of several processes that share one budget: those that were going on at the same time. The window opens with
 * the first of them and closes with the last, so that a worker which joins late, or is started again after a crash,
 * finds what the others have spent. A run that does not renew its membership in time counts as ended.
 */
export interface BudgetWindow {
  /** What the namespace had spent when the window opened. */
  readonly since: Amounts;
  /** Until when each of the runs counts as going on, by its worker, in milliseconds since the epoch. */
  readonly members: Readonly<Record<string, number>>;
}

/** Joins a run to the window, or renews its membership; opens a new one when nobody is in it. */
export function enterWindow(
  window: BudgetWindow | undefined,
  entry: {
    readonly worker: string;
    readonly until: number;
    readonly now: number;
    readonly spent: Amounts;
  },
): BudgetWindow {
  const { worker, until, now, spent } = entry;
  const members = membersAt(window, now);
  const since = window === undefined || Object.keys(members).length === 0 ? spent : window.since;
  return { since, members: { ...members, [worker]: until } };
}

/** Takes a run out; `undefined` when it was the last one. */
export function leaveWindow(
  window: BudgetWindow | undefined,
  { worker, now }: { readonly worker: string; readonly now: number },
): BudgetWindow | undefined {
  if (window === undefined) return undefined;
  const { [worker]: _left, ...members } = membersAt(window, now);
  return Object.keys(members).length === 0 ? undefined : { since: window.since, members };
}

function membersAt(window: BudgetWindow | undefined, now: number): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(window?.members ?? {}).filter(([, until]) => until > now));
}
