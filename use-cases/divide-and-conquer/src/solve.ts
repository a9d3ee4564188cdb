import {
  Agent,
  type AgentwerkEvent,
  type Model,
  type RunReason,
  type TicketHandle,
  TicketSystem,
  toErrorMessage,
} from "@agentwerk/core";
import { toOption, watchForFailedRequest, workEvents } from "@agentwerk/use-cases-shared";
import { calculateTool } from "./calculate/calculate-tool.ts";
import { type PartialSum, partialSumSchema } from "./partial-sum.ts";
import { type Part, splitRange, sumOfPart, sumOfSquares } from "./partition.ts";
import { prompts } from "./prompts.ts";

export interface Problem {
  readonly n: number;
  readonly partitions: number;
  readonly concurrency: number;
  readonly maxSteps?: number | undefined;
  /** Keeps the queue; the same problem goes on where it was left. */
  readonly dir?: string | undefined;
  readonly model: Model;
}

/** What became of a part; `wrong` is done, but with an answer that is not the sum of its numbers. */
export type PartOutcome =
  | { readonly status: "done"; readonly sum: bigint }
  | { readonly status: "wrong"; readonly sum: bigint; readonly problem: string }
  | { readonly status: "failed"; readonly problem: string }
  | { readonly status: "open" };

export interface Solution {
  readonly reason: RunReason;
  /** For people, when the run did not come to its end by itself. */
  readonly endedBecause: string | undefined;
  readonly outcomes: readonly PartOutcome[];
  /** The partial sums added up; `undefined` while one is missing. */
  readonly sum: bigint | undefined;
  /** By the closed form. */
  readonly expected: bigint;
  readonly isVerified: boolean;
  /** The request that failed for good; it ended the run, because the others would fare no better. */
  readonly requestFailure: string | undefined;
}

export interface SolveOptions {
  readonly signal: AbortSignal;
  readonly onEvent: (event: AgentwerkEvent) => void;
  readonly onFiled?: (parts: readonly FiledPart[]) => void;
}

export interface FiledPart extends Part {
  readonly ticket: string;
  readonly wasDone: boolean;
  /** By another program, or by one that was killed: until the lease of that one ends. */
  readonly isHeld: boolean;
}

const label = "sum-of-squares";

/** Gives up on a provider that stays away for about a quarter of a minute. */
const mostRequestRetries = 5;
const mostTurns = 30;

const shownEvents = [...workEvents, "text_chunk_received"] as const;

/**
 * Files a ticket for each part, lets the agents work them, adds up what they wrote and checks it.
 * @throws AgentwerkError when the queue cannot be opened or written.
 */
export async function solve(problem: Problem, options: SolveOptions): Promise<Solution> {
  const { n, partitions, concurrency, maxSteps, dir, model } = problem;
  const { onEvent } = options;
  await using tickets = new TicketSystem({
    dir,
    policy: { maxSteps, maxTurns: mostTurns, maxRequestRetries: mostRequestRetries },
    agents: team(concurrency, model),
  });
  for (const type of shownEvents) tickets.on(type, onEvent);
  const failedRequest = watchForFailedRequest(tickets);
  const parts = splitRange(n, partitions);
  const handles = await tickets.tasks(parts.map((part) => toTask(part, problem)));
  options.onFiled?.(await readFiled(tickets, handles, parts));
  const results = await tickets.runDry({ signal: AbortSignal.any([options.signal, failedRequest.signal]) });
  const outcomes = await Promise.all(parts.map((part, index) => outcomeOf(part, handles[index])));
  const { reason, violation, unclaimed } = results;
  const [stuck] = unclaimed;
  return {
    ...addUp(outcomes, n),
    reason,
    endedBecause:
      violation === undefined
        ? stuck?.message
        : `${toOption(violation.limit)} ${violation.maximum} was reached; raise it, or leave it out.`,
    requestFailure: failedRequest.message,
  };
}

/** Several agents on one label: whoever is free takes the next ticket. */
function team(size: number, model: Model): readonly Agent[] {
  const tools = [calculateTool()];
  return Array.from(
    { length: size },
    (_, index) =>
      new Agent({ name: `worker-${index + 1}`, labels: [label], model, role: prompts.role, tools }),
  );
}

function toTask(part: Part, { n, partitions }: Problem) {
  return {
    task: prompts.task,
    labels: [label],
    schema: partialSumSchema,
    templateVariables: {
      part: String(part.number),
      parts: String(partitions),
      from: String(part.from),
      to: String(part.to),
    },
    idempotencyKey: `sum-of-squares:${n}:${part.number}/${partitions}`,
  };
}

/** In a folder that was used before, what failed gets another chance. */
async function readFiled(
  tickets: TicketSystem,
  handles: readonly TicketHandle<PartialSum>[],
  parts: readonly Part[],
): Promise<readonly FiledPart[]> {
  return Promise.all(
    parts.map(async (part, index) => {
      const handle = handles[index];
      const ticket = await handle?.get();
      if (ticket?.status === "failed") await tickets.retry(ticket.key);
      const status = ticket?.status;
      return {
        ...part,
        ticket: ticket?.key ?? "",
        wasDone: status === "done",
        isHeld: status === "in_progress",
      };
    }),
  );
}

async function outcomeOf(part: Part, handle: TicketHandle<PartialSum> | undefined): Promise<PartOutcome> {
  const ticket = await handle?.get();
  if (handle === undefined || ticket === undefined) return { status: "open" };
  if (ticket.status === "failed") {
    return {
      status: "failed",
      problem: `${ticket.key} failed: ${ticket.failure?.message ?? "no reason given"}`,
    };
  }
  if (ticket.status === "cancelled") return { status: "failed", problem: `${ticket.key} was cancelled.` };
  if (ticket.status !== "done") return { status: "open" };
  try {
    return judge(part, { ...(await handle.result()), key: ticket.key });
  } catch (error) {
    return { status: "failed", problem: toErrorMessage(error) };
  }
}

function judge(part: Part, { from, to, sum, key }: PartialSum & { readonly key: string }): PartOutcome {
  if (from !== part.from || to !== part.to) {
    const problem = `${key} answers for ${from} to ${to} instead of ${part.from} to ${part.to}.`;
    return { status: "failed", problem };
  }
  const expected = sumOfPart(part);
  if (sum === expected) return { status: "done", sum };
  const problem = `${key} is off by ${sum - expected} (${from} to ${to}).`;
  return { status: "wrong", sum, problem };
}

function addUp(
  outcomes: readonly PartOutcome[],
  n: number,
): Pick<Solution, "outcomes" | "sum" | "expected" | "isVerified"> {
  let sum: bigint | undefined = 0n;
  for (const outcome of outcomes) {
    sum = sum === undefined || !("sum" in outcome) ? undefined : sum + outcome.sum;
  }
  const expected = sumOfSquares(n);
  return { outcomes, sum, expected, isVerified: sum === expected };
}
