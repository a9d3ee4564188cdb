import type { RunReason } from "@agentwerk/core";
import type { Tally } from "@agentwerk/use-cases-shared";
import type { Options } from "../cli/parse-options.ts";
import type { Solution } from "../solve.ts";

/** All that is known at the end, as `--json` prints it. Sums are decimal strings. */
export interface Report extends Omit<Tally, "cost"> {
  readonly n: number;
  readonly partitions: number;
  readonly concurrency: number;
  readonly model: string;
  readonly simulated: boolean;
  readonly verified: boolean;
  readonly sum: string | null;
  readonly expected: string;
  readonly reason: RunReason;
  readonly interrupted: boolean;
  readonly tickets: { readonly done: number; readonly failed: number; readonly open: number };
  /** The request that failed for good and so ended the run. */
  readonly requestFailure: string | null;
  /** One line for each part that failed or is wrong, and for what kept the run from its end. */
  readonly problems: readonly string[];
  /** US dollars; `null` when the price of the model is not known. */
  readonly cost: number | null;
  readonly durationMs: number;
}

export interface ReportOptions {
  readonly options: Options;
  readonly solution: Solution;
  readonly tally: Tally;
  readonly model: string;
  readonly isSimulated: boolean;
  readonly isInterrupted: boolean;
  readonly durationMs: number;
}

export function toReport(input: ReportOptions): Report {
  const { options, solution, tally, durationMs } = input;
  const { outcomes, sum, requestFailure, endedBecause } = solution;
  const number = (...statuses: readonly string[]): number =>
    outcomes.filter(({ status }) => statuses.includes(status)).length;
  const ofParts = outcomes.flatMap((outcome) => ("problem" in outcome ? [outcome.problem] : []));
  return {
    n: options.n,
    partitions: options.partitions,
    concurrency: options.concurrency,
    model: input.model,
    simulated: input.isSimulated,
    verified: solution.isVerified,
    sum: sum === undefined ? null : String(sum),
    expected: String(solution.expected),
    reason: solution.reason,
    interrupted: input.isInterrupted,
    tickets: { done: number("done", "wrong"), failed: number("failed"), open: number("open") },
    requestFailure: requestFailure ?? null,
    problems: endedBecause === undefined ? ofParts : [endedBecause, ...ofParts],
    ...tally,
    cost: tally.cost ?? null,
    durationMs: Math.round(durationMs),
  };
}
