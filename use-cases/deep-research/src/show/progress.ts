import type { AgentwerkEvent } from "@agentwerk/core";
import {
  count,
  describeRecovery,
  fitLine,
  StatusLine,
  type Terminal,
  toSeconds,
} from "@agentwerk/use-cases-shared";

/** Tells a run as it goes: a line for each page that is read, each ticket that ends and each slip that is mended. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #status: StatusLine;
  readonly #startedAt = new Map<string, number>();
  readonly #titles = new Map<string, string>();
  #stage = "planning";
  #open = 0;
  #done = 0;
  #pages = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#status = new StatusLine(terminal, () => this.#describe());
  }

  start(): void {
    this.#status.start();
  }

  plan(angles: ReadonlyMap<string, string>): void {
    for (const [key, title] of angles) this.#titles.set(key, title);
    this.#stage = "researching";
  }

  add(event: AgentwerkEvent): void {
    const { ticket = "" } = event;
    switch (event.type) {
      case "ticket_created":
        this.#open++;
        this.#nameAfterParent(ticket, event.parent);
        if (event.labels.includes("report")) this.#stage = "writing";
        return;
      case "ticket_started":
        this.#startedAt.set(ticket, event.at);
        return;
      case "ticket_done":
        this.#done++;
        this.#tell("✓", ticket, `${event.agent ?? ""}  ${this.#took(event)}`);
        return;
      case "ticket_failed":
        this.#tell("✗", ticket, event.failure.message);
        return;
      case "tool_call_started":
        if (event.tool === "web_search") this.#tell("·", ticket, `searches ${fieldOf(event.input, "query")}`);
        if (event.tool === "web_fetch") this.#tell("·", ticket, `reads ${fieldOf(event.input, "url")}`);
        return;
      case "tool_call_finished":
        if (event.tool === "web_fetch") this.#pages++;
        return;
      default: {
        const recovery = describeRecovery(event);
        if (recovery !== undefined) this.#tell("!", ticket, recovery);
      }
    }
  }

  line(colour: "bold" | "dim" | "yellow", text: string): void {
    this.#status.print(this.#terminal.paint(colour, fitLine(text, this.#terminal.columns())));
  }

  stop(): void {
    this.#status.stop();
  }

  #tell(mark: "✓" | "✗" | "!" | "·", ticket: string, text: string): void {
    const colours = { "✓": "green", "✗": "red", "!": "yellow", "·": "dim" } as const;
    const { paint, columns } = this.#terminal;
    const title = this.#titles.get(ticket) ?? "";
    const line = fitLine(`${ticket.padEnd(10)} ${title.padEnd(24)} ${text}`, columns() - 2);
    this.#status.print(`${paint(colours[mark], mark)} ${mark === "·" ? paint("dim", line) : line}`);
  }

  /** What was handed over goes on with the angle it came from. */
  #nameAfterParent(ticket: string, parent: string | undefined): void {
    const title = parent === undefined ? undefined : this.#titles.get(parent);
    if (title !== undefined) this.#titles.set(ticket, title);
  }

  #took(event: AgentwerkEvent): string {
    return toSeconds(event.at - (this.#startedAt.get(event.ticket ?? "") ?? event.at));
  }

  #describe(): string {
    return `${this.#stage}: ${this.#done} of ${count(this.#open, "ticket")} done, ${count(this.#pages, "page")} read`;
  }
}

function fieldOf(input: unknown, name: string): string {
  return String(typeof input === "object" && input !== null ? Reflect.get(input, name) : "");
}
