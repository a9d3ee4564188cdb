import { AgentwerkError } from "./agentwerk-error.ts";

/** The ticket now belongs to another worker, or is final: nothing of the refused write was stored. */
export class LeaseLostError extends AgentwerkError {
  override name = "LeaseLostError";
  readonly ticket: string;

  constructor(ticket: string) {
    super({
      code: "lease_lost",
      message: `Lease on ${ticket} is no longer held: another worker has it or it is final. Nothing was written; stop working on it.`,
    });
    this.ticket = ticket;
  }

  static override isInstance(value: unknown): value is LeaseLostError {
    return AgentwerkError.isInstance(value) && value.code === "lease_lost";
  }
}
