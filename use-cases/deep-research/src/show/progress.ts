import type { AgentwerkEvent } from "@agentwerk/core";
import {
  type Colour,
  count,
  describeRecovery,
  type Mark,
  type Terminal,
  TicketLog,
} from "@agentwerk/use-cases-shared";

/** Tells a run as it goes: a line for each page that is read, each ticket that ends and each slip that is mended. */
export class Progress {
  readonly #log: TicketLog;
  readonly #titles = new Map<string, string>();
  #stage = "planning";
  #open = 0;
  #done = 0;
  #pages = 0;

  constructor(terminal: Terminal) {
    this.#log = new TicketLog(terminal, () => this.#describe());
  }

  start(): void {
    this.#log.start();
  }

  plan(angles: ReadonlyMap<string, string>): void {
    for (const [key, title] of angles) this.#titles.set(key, title);
    this.#stage = "researching";
  }

  add(event: AgentwerkEvent): void {
    const { ticket = "" } = event;
    this.#log.add(event);
    switch (event.type) {
      case "ticket_created":
        this.#open++;
        this.#nameAfterParent(ticket, event.parent);
        if (event.labels.includes("report")) this.#stage = "writing";
        return;
      case "ticket_done":
        this.#done++;
        this.#tell("✓", ticket, `${event.agent ?? ""}  ${this.#log.took(event)}`);
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

  line(colour: Colour, text: string): void {
    this.#log.line(colour, text);
  }

  stop(): void {
    this.#log.stop();
  }

  #tell(mark: Mark, ticket: string, text: string): void {
    this.#log.tell(mark, ticket, `${(this.#titles.get(ticket) ?? "").padEnd(24)} ${text}`);
  }

  /** What was handed over goes on with the angle it came from. */
  #nameAfterParent(ticket: string, parent: string | undefined): void {
    const title = parent === undefined ? undefined : this.#titles.get(parent);
    if (title !== undefined) this.#titles.set(ticket, title);
  }

  #describe(): string {
    return `${this.#stage}: ${this.#done} of ${count(this.#open, "ticket")} done, ${count(this.#pages, "page")} read`;
  }
}

function fieldOf(input: unknown, name: string): string {
  return String(typeof input === "object" && input !== null ? Reflect.get(input, name) : "");
}
