import type { AgentwerkEvent, EventType, TicketKey, TicketSystem } from "@agentwerk/core";
import type { CommandContext } from "../../cli/command-context.ts";
import type { AgentEntry } from "../../config/project.ts";
import { describeEvent } from "../../show/describe-event.ts";
import { LiveRegion } from "../../show/live-region.ts";
import { sanitizeLine } from "../../show/sanitize.ts";
import type { Colour } from "../../show/terminal.ts";
import { drawWork, type WorkingTicket, type WorkPicture } from "./draw-work.ts";

export interface WorkViewOptions {
  readonly tickets: TicketSystem;
  readonly context: CommandContext;
  readonly agents: readonly AgentEntry[];
}

const shown: readonly EventType[] = [
  "ticket_started",
  "ticket_resumed",
  "ticket_waiting",
  "ticket_done",
  "ticket_failed",
  "ticket_cancelled",
  "ticket_retried",
  "request_retried",
  "request_failed",
  "tool_source_failed",
  "policy_violated",
];
const shownVerbosely: readonly EventType[] = [
  "tool_call_started",
  "tool_call_failed",
  "schema_retried",
  "ticket_created",
];
const followed: readonly EventType[] = [
  "tool_call_started",
  "request_started",
  "ticket_released",
  "turn_started",
];

/** A frame of the spinner; it only turns while a ticket is being worked. */
const frameMs = 100;
/** Between two looks at the store's numbers, however much happens. */
const countMs = 300;

/** What a run does: a line for each event, and, on a terminal, the agents and the queue below them. */
export class WorkView implements Disposable {
  readonly #options: WorkViewOptions;
  readonly #region: LiveRegion;
  readonly #working = new Map<TicketKey, WorkingTicket>();
  readonly #ended = new AbortController();
  #counts: WorkPicture["counts"];
  #spinner: NodeJS.Timeout | undefined;
  #counting: NodeJS.Timeout | undefined;
  #frame = 0;
  readonly #startedAt = Date.now();

  constructor(options: WorkViewOptions) {
    this.#options = options;
    this.#region = new LiveRegion(options.context.out, process.stdout);
    const { tickets, context } = options;
    const lines = context.globals.verbose === true ? [...shown, ...shownVerbosely] : shown;
    for (const type of new Set([...lines, ...followed])) {
      tickets.on(type, (event) => {
        this.#follow(event);
        if (lines.includes(event.type)) this.#printEvent(event);
        else this.#draw();
      });
    }
  }

  async start(): Promise<void> {
    const { tickets, context, agents } = this.#options;
    if (!context.out.isLive) {
      const names = agents.map(({ name }) => name).join(", ");
      context.out.write(`${context.out.paint("dim", `Working as ${sanitizeLine(names)}.`)}\n`);
      return;
    }
    this.#region.open(() => this.#draw());
    await this.#count();
    tickets.store.watch(() => this.#countSoon(), { signal: this.#ended.signal });
    this.#draw();
  }

  line(colour: Colour, text: string): void {
    this.#print(this.#options.context.out.paint(colour, text));
  }

  [Symbol.dispose](): void {
    this.#ended.abort();
    clearInterval(this.#spinner);
    clearTimeout(this.#counting);
    this.#region.close();
  }

  #follow(event: AgentwerkEvent): void {
    const { type, ticket, agent = "" } = event;
    if (ticket === undefined) return;
    if (type === "ticket_started" || type === "ticket_resumed") {
      this.#working.set(ticket, { key: ticket, agent, since: Date.now(), task: "", doing: "starts" });
      void this.#readTask(ticket);
    } else if (type === "tool_call_started") this.#doing(ticket, event.tool);
    else if (type === "request_started") this.#doing(ticket, "thinks");
    else if (type.startsWith("ticket_")) this.#working.delete(ticket);
    this.#spin();
  }

  #doing(ticket: TicketKey, doing: string): void {
    const working = this.#working.get(ticket);
    if (working !== undefined) this.#working.set(ticket, { ...working, doing: sanitizeLine(doing) });
  }

  async #readTask(key: TicketKey): Promise<void> {
    if (!this.#region.isOpen) return;
    const ticket = await this.#options.tickets.get(key).catch(() => undefined);
    const working = this.#working.get(key);
    if (ticket === undefined || working === undefined) return;
    const task = typeof ticket.task === "string" ? ticket.task : JSON.stringify(ticket.task);
    this.#working.set(key, { ...working, task: sanitizeLine(task) });
    this.#draw();
  }

  #printEvent(event: AgentwerkEvent): void {
    const line = describeEvent(event, this.#options.context.out);
    if (line !== undefined) this.#print(line);
  }

  #print(line: string): void {
    if (!this.#region.isOpen) this.#options.context.out.write(`${line}\n`);
    else {
      this.#region.print(`${line}\n`);
      this.#draw();
    }
  }

  #draw(): void {
    if (!this.#region.isOpen) return;
    const { context, agents } = this.#options;
    const picture: WorkPicture = {
      agents: agents.length,
      working: [...this.#working.values()],
      counts: this.#counts,
      frame: this.#frame,
      ms: Date.now() - this.#startedAt,
      now: Date.now(),
    };
    this.#region.draw(drawWork(picture, context.out));
  }

  /** An idle worker draws nothing. */
  #spin(): void {
    const isBusy = this.#region.isOpen && this.#working.size > 0;
    if (!isBusy) {
      clearInterval(this.#spinner);
      this.#spinner = undefined;
      return;
    }
    this.#spinner ??= setInterval(() => {
      this.#frame++;
      this.#draw();
    }, frameMs).unref();
  }

  #countSoon(): void {
    this.#counting ??= setTimeout(() => {
      this.#counting = undefined;
      void this.#count().then(() => this.#draw());
    }, countMs).unref();
  }

  async #count(): Promise<void> {
    const { store } = this.#options.tickets;
    try {
      const [{ all }, { todo, inProgress, waiting }] = await Promise.all([store.totals(), store.outlook([])]);
      this.#counts = { ...all, todo, inProgress, waiting };
    } catch {
      // The run itself tells what is wrong with the store.
    }
  }
}
