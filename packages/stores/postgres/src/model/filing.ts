import type { System } from "./explore.ts";

/**
 * A step that depends on no ticket, an insert without an idempotency key, over a connection that loses answers and delivers
 * late: no version can refuse its second application, so only the writer's receipt and the fence can.
 */
export interface FilingRules {
  /** The number of the last step that was applied is kept, and asked for when an answer is lost. */
  readonly receipts: boolean;
  /** Asking forbids what was sent before and has not arrived yet. */
  readonly fences: boolean;
}

export interface FilingState {
  readonly step: number;
  /** The first step of this insert. */
  readonly after: number;
  readonly phase: "ready" | "waiting" | "told";
  readonly requests: readonly number[];
  readonly applied: number;
  readonly fenced: number;
  readonly tickets: number;
  readonly losses: number;
}

export function filingSystem(rules: FilingRules, losses: number): System<FilingState> {
  return {
    initial: { step: 0, after: 1, phase: "ready", requests: [], applied: 0, fenced: 0, tickets: 0, losses },
    next: (state) => [
      ...(state.phase === "ready" ? [sent(state)] : []),
      ...state.requests.flatMap((request) => arrivals(state, request)),
      ...asks(state, rules),
    ],
    check: ({ tickets }) => (tickets > 1 ? "one insert made two tickets" : undefined),
    checkEnd: ({ phase, tickets }) =>
      phase === "told" && tickets === 1 ? undefined : `the insert ended ${phase} with ${tickets} tickets`,
  };
}

type Move = readonly [name: string, state: FilingState];

function sent(state: FilingState): Move {
  const step = state.step + 1;
  return ["it is sent", { ...state, phase: "waiting", step, requests: [...state.requests, step] }];
}

function arrivals(state: FilingState, request: number): readonly Move[] {
  const { phase, step, applied, fenced, tickets } = state;
  const rest = { ...state, requests: state.requests.filter((other) => other !== request) };
  const isAwaited = phase === "waiting" && request === step;
  const name = `request ${request}`;
  const lost: readonly Move[] = isAwaited ? [] : [[`${name} gets lost`, rest]];
  if (request <= applied || request <= fenced) return [...lost, [`${name} comes too late`, rest]];
  const done = { ...rest, applied: request, tickets: tickets + 1 };
  const told: Move = [`${name} is applied`, { ...done, phase: isAwaited ? "told" : phase }];
  if (!isAwaited || state.losses === 0) return [...lost, told];
  return [told, [`${name} is applied and its answer lost`, { ...done, losses: state.losses - 1 }]];
}

/** The connection is gone; another one is asked what became of the insert. */
function asks(state: FilingState, rules: FilingRules): readonly Move[] {
  const { phase, step, after, requests, applied, fenced, losses } = state;
  if (phase !== "waiting" || (losses === 0 && requests.includes(step))) return [];
  const left = { ...state, losses: Math.max(0, losses - 1) };
  if (rules.receipts && applied >= after) return [["it asks, and is told", { ...left, phase: "told" }]];
  const fence = rules.fences ? step + 1 : fenced;
  return [["it asks, and begins anew", { ...left, phase: "ready", step: step + 1, fenced: fence }]];
}
