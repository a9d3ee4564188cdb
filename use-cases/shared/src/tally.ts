import type { AgentwerkEvent } from "@agentwerk/core";
import { roundDollars } from "agentwerk/terminal";

/** What a run used, counted from its events. */
export interface Tally {
  readonly requests: number;
  readonly retries: number;
  readonly toolCalls: number;
  /** What the model was told to mend: arguments that were refused, results that did not fit. */
  readonly corrections: number;
  /** Calls whose arguments were put right without asking. */
  readonly repairs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars, rounded for every output; `undefined` when the price of the model is not known. */
  readonly cost: number | undefined;
}

/** Counts events as they come. */
export class TallyCounter {
  #requests = 0;
  #retries = 0;
  #toolCalls = 0;
  #corrections = 0;
  #repairs = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  #cost: number | undefined;

  add(event: AgentwerkEvent): void {
    switch (event.type) {
      case "request_started":
        this.#requests++;
        return;
      case "request_finished":
        this.#inputTokens += event.usage.inputTokens;
        this.#outputTokens += event.usage.outputTokens;
        if (event.cost !== undefined) this.#cost = (this.#cost ?? 0) + event.cost;
        return;
      case "request_retried":
        this.#retries++;
        return;
      case "response_repaired":
        this.#repairs++;
        return;
      case "tool_call_finished":
        this.#toolCalls++;
        return;
      default:
        if (event.type === "tool_call_failed") this.#toolCalls++;
        if (isCorrection(event)) this.#corrections++;
    }
  }

  get tally(): Tally {
    return {
      requests: this.#requests,
      retries: this.#retries,
      toolCalls: this.#toolCalls,
      corrections: this.#corrections,
      repairs: this.#repairs,
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
      cost: this.#cost === undefined ? undefined : roundDollars(this.#cost),
    };
  }
}

const finishingTools: ReadonlySet<string> = new Set(["write_result", "write_handover"]);

/** A refused result is told by two events, of which one is counted. */
export function isCorrection(
  event: AgentwerkEvent,
): event is Extract<AgentwerkEvent, { type: "schema_retried" | "tool_call_failed" }> {
  return (
    event.type === "schema_retried" || (event.type === "tool_call_failed" && !finishingTools.has(event.tool))
  );
}
