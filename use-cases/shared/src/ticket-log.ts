import type { AgentwerkEvent } from "@agentwerk/core";
import type { Colour, Terminal } from "agentwerk/terminal";
import { fitLine, toSeconds } from "./format.ts";
import { StatusLine } from "./status-line.ts";

/** Done, failed, mended, told besides. */
export type Mark = "✓" | "✗" | "!" | "·";

const colours: Readonly<Record<Mark, Colour>> = { "✓": "green", "✗": "red", "!": "yellow", "·": "dim" };
/** As long as `TICKET-99`. */
const usualKeyWidth = 9;

/** Lines about tickets; on a terminal, above a status line. */
export class TicketLog {
  readonly #terminal: Terminal;
  readonly #status: StatusLine;
  readonly #startedAt = new Map<string, number>();
  #keyWidth = usualKeyWidth;

  constructor(terminal: Terminal, describeStatus: () => string) {
    this.#terminal = terminal;
    this.#status = new StatusLine(terminal, describeStatus);
  }

  start(): void {
    this.#status.start();
  }

  stop(): void {
    this.#status.stop();
  }

  /** Tickets that are told from now on; what was known of earlier ones, maybe by the same keys, is forgotten. */
  expect(tickets: readonly string[]): void {
    this.#startedAt.clear();
    this.#keyWidth = Math.max(usualKeyWidth, ...tickets.map(({ length }) => length));
  }

  line(colour: Colour, text: string): void {
    this.#status.print(this.#terminal.paint(colour, fitLine(text, this.#terminal.columns())));
  }

  tell(mark: Mark, ticket: string, text: string): void {
    const { paint, columns } = this.#terminal;
    const line = fitLine(`${ticket.padEnd(this.#keyWidth)}  ${text}`, columns() - 2);
    this.#status.print(`${paint(colours[mark], mark)} ${mark === "·" ? paint("dim", line) : line}`);
  }

  /** For `took`: every event of a ticket. */
  add({ type, ticket, at }: AgentwerkEvent): void {
    const begins = type === "ticket_started" || type === "ticket_resumed";
    if (begins && ticket !== undefined) this.#startedAt.set(ticket, at);
  }

  /** Since the ticket's work began. */
  took({ ticket, at }: AgentwerkEvent): string {
    return toSeconds(at - (this.#startedAt.get(ticket ?? "") ?? at));
  }
}
