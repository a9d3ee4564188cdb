import type { AgentwerkEvent } from "@agentwerk/core";
import {
  type Colour,
  count,
  describeDetail,
  describeRecovery,
  fitLine,
  groupDigits,
  StatusLine,
  type Terminal,
  toSeconds,
} from "@agentwerk/use-cases-shared";
import type { FiledPart } from "../solve.ts";

export interface ProgressOptions {
  readonly terminal: Terminal;
  /** Every request and tool call, too. */
  readonly isVerbose: boolean;
}

/** Tells a run as it goes: a line for each ticket that ends and for each slip that is mended; on a terminal, a status line below. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #isVerbose: boolean;
  readonly #status: StatusLine;
  readonly #parts = new Map<string, FiledPart>();
  readonly #startedAt = new Map<string, number>();
  /** What the model says, by ticket, until it has said it all. */
  readonly #texts = new Map<string, string>();
  #partsWidth = 0;
  #keyWidth = 0;
  #done = 0;
  #failed = 0;
  #requests = 0;

  constructor({ terminal, isVerbose }: ProgressOptions) {
    this.#terminal = terminal;
    this.#isVerbose = isVerbose;
    this.#status = new StatusLine(terminal, () => this.#describe());
  }

  start(parts: readonly FiledPart[]): void {
    for (const part of parts) this.#parts.set(part.ticket, part);
    const last = parts.at(-1);
    this.#keyWidth = Math.max(...parts.map(({ ticket }) => ticket.length));
    this.#partsWidth = last === undefined ? 0 : rangeOf(last).length;
    this.#done = parts.filter(({ wasDone }) => wasDone).length;
    if (this.#done > 0) this.line("dim", `${count(this.#done, "ticket")} of an earlier run stay done.`);
    this.#status.start();
  }

  add(event: AgentwerkEvent): void {
    const { ticket = "" } = event;
    switch (event.type) {
      case "ticket_started":
      case "ticket_resumed":
        this.#startedAt.set(ticket, event.at);
        break;
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
    if (recovery !== undefined) this.#tell("!", ticket, recovery);
    else if (this.#isVerbose) this.#detail(event, ticket);
    if (event.type === "request_finished") this.#texts.delete(ticket);
  }

  /** A line above the status line. */
  line(colour: Colour, text: string): void {
    this.#status.print(this.#terminal.paint(colour, fitLine(text, this.#terminal.columns())));
  }

  stop(): void {
    this.#status.stop();
  }

  #end(event: AgentwerkEvent, mark: "✓" | "✗", problem?: string): void {
    const { ticket = "", agent = "" } = event;
    const part = this.#parts.get(ticket);
    const range = part === undefined ? "" : rangeOf(part).padEnd(this.#partsWidth);
    const took = toSeconds(event.at - (this.#startedAt.get(ticket) ?? event.at));
    this.#tell(mark, ticket, [range, took, agent, problem].filter(Boolean).join("  "));
  }

  #detail(event: AgentwerkEvent, ticket: string): void {
    const text = this.#texts.get(ticket) ?? "";
    if (event.type === "request_finished" && text !== "") this.#tell("·", ticket, `“${text}”`);
    const detail = describeDetail(event);
    if (detail !== undefined) this.#tell("·", ticket, detail);
  }

  #tell(mark: "✓" | "✗" | "!" | "·", ticket: string, text: string): void {
    const colours = { "✓": "green", "✗": "red", "!": "yellow", "·": "dim" } as const;
    const { paint, columns } = this.#terminal;
    const line = fitLine(`${ticket.padEnd(this.#keyWidth)}  ${text}`, columns() - 2);
    const isDim = mark === "·";
    this.#status.print(`${paint(colours[mark], mark)} ${isDim ? paint("dim", line) : line}`);
  }

  #describe(): string {
    const failed = this.#failed === 0 ? "" : `, ${this.#failed} failed`;
    return `${this.#done} of ${this.#parts.size} tickets done${failed}, ${count(this.#requests, "request")}`;
  }
}

function rangeOf({ from, to }: FiledPart): string {
  return `${groupDigits(from)} to ${groupDigits(to)}`;
}
