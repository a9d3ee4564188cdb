import { AgentwerkError } from "../../errors/agentwerk-error.ts";
import type { HeldTicket, StoreSnapshot } from "./store-archive.ts";

/** How many tickets the message names. */
const mostNamed = 3;

/** Workers hold tickets of the namespace that was to be copied, and the copy would lack what they do next. */
export class HeldTicketsError extends AgentwerkError {
  override name = "HeldTicketsError";
  readonly held: readonly HeldTicket[];
  /** What happened and when it passes by itself, without the options that help: a front end names its own. */
  readonly problem: string;

  constructor(where: string, { held, at }: Pick<StoreSnapshot, "held" | "at">) {
    const named = held.slice(0, mostNamed).map(({ key, worker }) => `${key} by ${worker}`);
    const more = held.length > mostNamed ? ` and ${held.length - mostNamed} more` : "";
    const seconds = Math.max(1, Math.ceil((Math.max(...held.map(({ until }) => until)) - at) / 1_000));
    const problem = `Workers hold tickets of ${where}: ${named.join(", ")}${more}. To move it, stop them: one that ends in order gives its tickets back at once, those of one that was killed come free within ${seconds} s`;
    super({
      code: "conflict",
      field: "held",
      message: `${problem}; with waitMs the copy waits for that. To take a backup while they work, give held: "copy".`,
    });
    this.held = held;
    this.problem = problem;
  }

  static override isInstance(value: unknown): value is HeldTicketsError {
    return AgentwerkError.isInstance(value) && value.code === "conflict" && value.field === "held";
  }
}
