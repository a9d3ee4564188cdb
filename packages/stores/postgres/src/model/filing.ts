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
    next(state) {
      const { phase, step, after, requests, applied, fenced, tickets } = state;
      const found: (readonly [string, FilingState])[] = [];
      if (phase === "ready") {
        found.push([
          "it is sent",
          { ...state, phase: "waiting", step: step + 1, requests: [...requests, step + 1] },
        ]);
      }
      for (const request of requests) {
        const rest = requests.filter((other) => other !== request);
        const isAwaited = phase === "waiting" && request === step;
        const isLate = request <= applied || request <= fenced;
        if (!isAwaited) found.push([`request ${request} gets lost`, { ...state, requests: rest }]);
        found.push(
          isLate
            ? [`request ${request} comes too late`, { ...state, requests: rest }]
            : [
                `request ${request} is applied`,
                {
                  ...state,
                  requests: rest,
                  applied: request,
                  tickets: tickets + 1,
                  phase: isAwaited ? "told" : phase,
                },
              ],
        );
        if (!isLate && isAwaited && state.losses > 0) {
          found.push([
            `request ${request} is applied and its answer lost`,
            { ...state, requests: rest, applied: request, tickets: tickets + 1, losses: state.losses - 1 },
          ]);
        }
      }
      // The connection is gone; another one is asked what became of the insert.
      const isAnswerGone = phase === "waiting" && (state.losses > 0 || !requests.includes(step));
      if (isAnswerGone) {
        const left = { ...state, losses: Math.max(0, state.losses - 1) };
        if (rules.receipts && applied >= after)
          found.push(["it asks, and is told", { ...left, phase: "told" }]);
        else {
          const asked = {
            ...left,
            phase: "ready",
            step: step + 1,
            fenced: rules.fences ? step + 1 : fenced,
          } as const;
          found.push(["it asks, and begins anew", asked]);
        }
      }
      return found;
    },
    check: ({ tickets }) => (tickets > 1 ? "one insert made two tickets" : undefined),
    checkEnd: ({ phase, tickets }) =>
      phase === "told" && tickets === 1 ? undefined : `the insert ended ${phase} with ${tickets} tickets`,
  };
}
