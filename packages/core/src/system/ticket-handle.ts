import { AgentwerkError } from "../errors/agentwerk-error.ts";
import { textBlock } from "../provider/content.ts";
import type { Schema } from "../schema/schema.ts";
import { formatIssues } from "../schema/schema.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import type { Reply } from "../ticket/reply.ts";
import type { Ticket } from "../ticket/ticket.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import { describeFailure, TicketError } from "./ticket-error.ts";
import type { TicketWaiters } from "./ticket-waiters.ts";

/** A filed ticket in the hands of the one who filed it. `Result` is what the result schema parses to. */
export class TicketHandle<Result = unknown> {
  readonly key: TicketKey;
  readonly #store: TicketStore;
  readonly #waiters: TicketWaiters;
  readonly #schema: Schema<Result> | undefined;

  constructor(options: {
    readonly key: TicketKey;
    readonly store: TicketStore;
    readonly waiters: TicketWaiters;
    readonly schema: Schema<Result> | undefined;
  }) {
    this.key = options.key;
    this.#store = options.store;
    this.#waiters = options.waiters;
    this.#schema = options.schema;
  }

  /** The ticket as it is now. */
  async get(): Promise<Ticket> {
    const ticket = await this.#store.get(this.key);
    if (ticket !== undefined) return ticket;
    throw new AgentwerkError({
      code: "not_found",
      message: `${this.key} is no longer in the store; it was pruned.`,
    });
  }

  /** Resolves with the ticket once it is done, failed or cancelled. Somebody has to work it meanwhile: a run here or elsewhere. */
  async finished(options: { readonly signal?: AbortSignal } = {}): Promise<Ticket> {
    return this.#waiters.wait(this.key, options.signal);
  }

  /**
   * Resolves with the result, parsed by the schema that the ticket was filed with.
   * @throws TicketError `ticket_failed`, `ticket_cancelled`, or `ticket_unfinished` when the run here ended without it.
   */
  async result(options: { readonly signal?: AbortSignal } = {}): Promise<Result> {
    const ticket = await this.finished(options);
    const { key, status, failure } = ticket;
    if (status === "failed") {
      throw new TicketError({
        code: "ticket_failed",
        ticket: key,
        message: describeFailure(ticket),
        failure,
      });
    }
    if (status === "cancelled") {
      throw new TicketError({ code: "ticket_cancelled", ticket: key, message: `${key} was cancelled.` });
    }
    return this.#parse(ticket);
  }

  async replies(): Promise<readonly Reply[]> {
    return this.#store.replies(this.key);
  }

  /** Says something on the ticket; wakes it when it waits for a reply. */
  async reply(text: string, options: { readonly author?: string } = {}): Promise<Ticket> {
    return this.#store.update(this.key, {
      type: "reply",
      content: [textBlock(text)],
      author: options.author,
    });
  }

  async cancel(reason?: string): Promise<Ticket> {
    return this.#store.update(this.key, { type: "cancel", reason });
  }

  async #parse({ key, result }: Ticket): Promise<Result> {
    if (this.#schema === undefined) return result as Result;
    const parsed = await this.#schema.parse(result);
    if (parsed.ok) return parsed.value;
    throw new AgentwerkError({
      code: "invalid_schema",
      message: `The result of ${key} does not fit the schema given here; it was filed with another one:\n${formatIssues(parsed.issues)}`,
    });
  }
}
