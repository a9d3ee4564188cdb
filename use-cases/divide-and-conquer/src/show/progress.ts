import type { AgentwerkEvent } from "@agentwerk/core";
import {
  type Colour,
  count,
  describeDetail,
  describeRecovery,
  groupDigits,
  type Terminal,
  TicketLog,
} from "@agentwerk/use-cases-shared";
import type { FiledPart } from "../solve.ts";

export interface ProgressOptions {
  readonly terminal: Terminal;
  /** Every request and tool call, too. */
  readonly isVerbose: boolean;
}

/** Tells a run as it goes: a line for each ticket that ends and for each slip that is mended; on a terminal, a status line below. */
export class Progress {
  readonly #log: TicketLog;
  readonly #isVerbose: boolean;
  readonly #parts = new Map<string, FiledPart>();
  /** What the model says, by ticket, until it has said it all. */
  readonly #texts = new Map<string, string>();
  #partsWidth = 0;
  #done = 0;
  #failed = 0;
  #requests = 0;

  constructor({ terminal, isVerbose }: ProgressOptions) {
    this.#log = new TicketLog(terminal, () => this.#describe());
    this.#isVerbose = isVerbose;
  }

  start(parts: readonly FiledPart[]): void {
    for (const part of parts) this.#parts.set(part.ticket, part);
    const last = parts.at(-1);
    this.#log.expect(parts.map(({ ticket }) => ticket));
    this.#partsWidth = last === undefined ? 0 : rangeOf(last).length;
    this.#done = parts.filter(({ wasDone }) => wasDone).length;
    if (this.#done > 0) this.line("dim", `${count(this.#done, "ticket")} of an earlier run stay done.`);
    const held = parts.filter(({ isHeld }) => isHeld).length;
    if (held > 0) {
      const when = "those of a killed program come free within 30 s";
      this.line("dim", `${count(held, "ticket")} held elsewhere; ${when}.`);
    }
    this.#log.start();
  }

  add(event: AgentwerkEvent): void {
    const { ticket = "" } = event;
    this.#log.add(event);
    switch (event.type) {
      case "ticket_done":
        this.#done++;
        this.#end(event, "✓");
        break;
      case "ticket_failed":
        this.#failed++;
        // A request that failed for good ends the run, and is told there.
        if (event.failure.reason !== "request_failed") this.#end(event, "✗", event.failure.message);
        break;
      case "request_started":
        this.#requests++;
        break;
      case "text_chunk_received":
        this.#texts.set(ticket, (this.#texts.get(ticket) ?? "") + event.text);
        break;
      default:
        break;
    }
    const recovery = describeRecovery(event);
    if (recovery !== undefined) this.#log.tell("!", ticket, recovery);
    else if (this.#isVerbose) this.#detail(event, ticket);
    if (event.type === "request_finished") this.#texts.delete(ticket);
  }

  /** A line above the status line. */
  line(colour: Colour, text: string): void {
    this.#log.line(colour, text);
  }

  stop(): void {
    this.#log.stop();
  }

  #end(event: AgentwerkEvent, mark: "✓" | "✗", problem?: string): void {
    const { ticket = "", agent = "" } = event;
    const part = this.#parts.get(ticket);
    const range = part === undefined ? "" : rangeOf(part).padEnd(this.#partsWidth);
    this.#log.tell(mark, ticket, [range, this.#log.took(event), agent, problem].filter(Boolean).join("  "));
  }

  #detail(event: AgentwerkEvent, ticket: string): void {
    const text = this.#texts.get(ticket) ?? "";
    if (event.type === "request_finished" && text !== "") this.#log.tell("·", ticket, `“${text}”`);
    const detail = describeDetail(event);
    if (detail !== undefined) this.#log.tell("·", ticket, detail);
  }

  #describe(): string {
    const failed = this.#failed === 0 ? "" : `, ${this.#failed} failed`;
    return `${this.#done} of ${this.#parts.size} tickets done${failed}, ${count(this.#requests, "request")}`;
  }
}

function rangeOf({ from, to }: FiledPart): string {
  return `${groupDigits(from)} to ${groupDigits(to)}`;
}
