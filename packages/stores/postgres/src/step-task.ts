import { AgentwerkError, type Claim, type ClaimRequest, type TicketKey } from "@agentwerk/core";
import type { Later, Transaction } from "@agentwerk/core/store-kit";

/** Replaces the keys that stood for new tickets by their real ones. */
export type Rename = <T>(value: T) => T;

/** One operation that waits to be part of a step. It may be computed several times before it is written. */
export interface StepTask {
  /** Tickets that it will ask for. */
  readonly hint: readonly TicketKey[];
  readonly claim: ClaimRequest | undefined;
  attempt(tx: Transaction): void;
  /** After the commit. */
  settle(rename: Rename): void;
  takeClaims(found: FoundClaims): void;
  reject(error: unknown): void;
}

export interface FoundClaims {
  readonly claims: readonly Claim[];
  /** The claim went no further than to this want, with so many tickets left to take. */
  readonly rest: { readonly want: number; readonly left: number } | undefined;
}

export function writeTask<T>(
  work: (tx: Transaction) => Later<T>,
  options: {
    readonly hint: readonly TicketKey[];
    readonly resolve: (value: T) => void;
    readonly reject: (error: unknown) => void;
  },
): StepTask {
  const { hint, resolve, reject } = options;
  let outcome: { readonly later: Later<T> } | { readonly refusal: AgentwerkError } | undefined;
  return {
    hint,
    claim: undefined,
    attempt(tx) {
      outcome = undefined;
      try {
        outcome = { later: work(tx) };
      } catch (error) {
        // A refusal by a rule concerns this operation alone and left nothing behind.
        if (!AgentwerkError.isInstance(error)) throw error;
        outcome = { refusal: error };
      }
    },
    settle(rename) {
      if (outcome === undefined) return;
      if ("refusal" in outcome) {
        reject(outcome.refusal);
        return;
      }
      try {
        resolve(rename(outcome.later()));
      } catch (error) {
        reject(error);
      }
    },
    takeClaims: () => undefined,
    reject,
  };
}

export function claimTask(
  claim: ClaimRequest,
  {
    resolve,
    reject,
  }: { readonly resolve: (found: FoundClaims) => void; readonly reject: (error: unknown) => void },
): StepTask {
  return { hint: [], claim, attempt: () => undefined, settle: () => undefined, takeClaims: resolve, reject };
}
