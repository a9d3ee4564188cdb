import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { toErrorMessage } from "../errors/to-error-message.ts";
import type { AgentwerkEvent } from "../event/event.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import type { Ticket } from "../ticket/ticket.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import type { Clock } from "../util/clock.ts";

/** How long lines are gathered before they are written, in milliseconds. */
const gatherMs = 200;

/** Most tickets that one look at the store fetches. */
const batch = 500;

/**
 * Writes `tickets.jsonl` (a line for each ticket filed by this process) and `results.jsonl` (a line for each that ended
 * here), for people and their text tools. The database is the truth: what a crash keeps from these files is still in it.
 */
export class ReadableLog {
  readonly #store: TicketStore;
  readonly #dir: string;
  readonly #clock: Clock;
  readonly #onEnded: (tickets: readonly Ticket[]) => void;
  #created: TicketKey[] = [];
  #ended: TicketKey[] = [];
  #cancelTimer: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();
  #reported = false;

  constructor(options: {
    readonly store: TicketStore;
    readonly dir: string;
    readonly clock: Clock;
    /** Gets the ended tickets that were read for their lines. */
    readonly onEnded: (tickets: readonly Ticket[]) => void;
  }) {
    this.#store = options.store;
    this.#dir = options.dir;
    this.#clock = options.clock;
    this.#onEnded = options.onEnded;
  }

  take(events: readonly AgentwerkEvent[]): void {
    for (const { type, ticket } of events) {
      if (ticket === undefined) continue;
      if (type === "ticket_created") this.#created.push(ticket);
      if (type === "ticket_done" || type === "ticket_failed" || type === "ticket_cancelled")
        this.#ended.push(ticket);
    }
    if (this.#created.length === 0 && this.#ended.length === 0) return;
    this.#cancelTimer ??= this.#clock.setTimer(() => void this.flush(), gatherMs);
  }

  /** Writes what was gathered; resolves when all lines are in their files. */
  flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const created = this.#created;
    const ended = this.#ended;
    this.#created = [];
    this.#ended = [];
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#append("tickets.jsonl", created, toTicketLine);
        await this.#append("results.jsonl", ended, toResultLine, this.#onEnded);
      } catch (error) {
        this.#report(error);
      }
    });
    return this.#writing;
  }

  async #append(
    file: string,
    keys: readonly TicketKey[],
    toLine: (ticket: Ticket) => unknown,
    onRead: (tickets: readonly Ticket[]) => void = () => {},
  ): Promise<void> {
    for (let start = 0; start < keys.length; start += batch) {
      const part = keys.slice(start, start + batch);
      const found = await this.#store.find({ keys: part });
      onRead(found);
      const tickets = new Map(found.map((ticket) => [ticket.key, ticket]));
      const lines = part.flatMap((key) => {
        const ticket = tickets.get(key);
        return ticket === undefined ? [] : [`${JSON.stringify(toLine(ticket))}\n`];
      });
      await appendFile(join(this.#dir, file), lines.join(""), { mode: 0o600 });
    }
  }

  #report(error: unknown): void {
    if (this.#reported) return;
    this.#reported = true;
    const message = `The readable logs in ${this.#dir} could not be written: ${toErrorMessage(error)} The database is not touched by this.`;
    process.emitWarning(message, "AgentwerkWarning");
  }
}

function toTicketLine(ticket: Ticket): unknown {
  const { key, createdAt, task, labels, priority, parent, blockedBy, reporter } = ticket;
  return {
    key,
    createdAt: new Date(createdAt).toISOString(),
    task,
    labels,
    priority,
    parent,
    blockedBy,
    reporter,
  };
}

function toResultLine(ticket: Ticket): unknown {
  const { key, status, finishedAt, agent, labels, result, failure, attempt, work } = ticket;
  const at = finishedAt === undefined ? undefined : new Date(finishedAt).toISOString();
  return { key, status, finishedAt: at, agent, labels, result, failure, attempt, work };
}
