import { AgentwerkError } from "../errors/agentwerk-error.ts";
import { LeaseLostError } from "../errors/lease-lost-error.ts";
import type { AgentwerkEvent } from "../event/event.ts";
import { compileJsonSchema } from "../schema/compile-json-schema.ts";
import { formatIssues, type Schema } from "../schema/schema.ts";
import type { CommitReceipt, Lease, TicketStore, TicketUpdate } from "../store/ticket-store.ts";
import { closeOpenCalls } from "../ticket/close-open-calls.ts";
import type { ReplyDraft } from "../ticket/reply.ts";
import type { CallDecision, Ticket } from "../ticket/ticket.ts";
import type { TicketDraft } from "../ticket/ticket-draft.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import type { TicketAccess } from "../tool/tool-context.ts";
import type { JsonValue } from "../util/json.ts";
import { FiledSchemas } from "./filed-schemas.ts";
import { LabelContracts } from "./label-contracts.ts";
import type { ModelResolver } from "./model-resolver.ts";
import type { CheckedTask } from "./task-options.ts";

/** How somebody ends a ticket that was claimed outside of a run. */
export type ClaimEnd =
  | { readonly result: JsonValue; readonly followUps?: readonly TicketDraft[] | undefined }
  | { readonly failure: string };

/** The way by which tickets come in and are changed, for people and agents alike: labels' contracts hold here. */
export class FrontDoor {
  readonly contracts: LabelContracts = new LabelContracts();
  /** What a tool may do with tickets. */
  readonly access: TicketAccess;
  readonly #store: TicketStore;
  readonly #schemas: FiledSchemas;
  readonly #models: ModelResolver;

  constructor({ store, models }: { readonly store: TicketStore; readonly models: ModelResolver }) {
    this.#store = store;
    this.#schemas = new FiledSchemas(store);
    this.#models = models;
    this.access = {
      create: async (drafts) => store.insert(await this.admit(drafts)),
      get: (key) => store.get(key),
      find: (filter) => store.find(filter),
      replies: (key) => store.replies(key),
      update: (key, change) => this.update(key, change),
    };
  }

  async file<Result>(checked: readonly CheckedTask<Result>[]): Promise<readonly Ticket[]> {
    const tickets = await this.#store.insert(await this.admit(checked.map(({ draft }) => draft)));
    for (const [index, { key, status }] of tickets.entries()) {
      const schema = checked[index]?.schema;
      if (schema !== undefined && status !== "done") this.#schemas.keep(key, schema);
    }
    return tickets;
  }

  /** @throws AgentwerkError `invalid_input` for a draft that the contract of its label refuses. */
  admit(drafts: readonly TicketDraft[]): Promise<readonly TicketDraft[]> {
    return this.contracts.admit(drafts);
  }

  async update(key: TicketKey, change: TicketUpdate): Promise<Ticket> {
    if (change.type === "edit" && change.schema !== undefined) compileJsonSchema(change.schema);
    if (change.type === "retry" && change.model !== undefined) this.#models.resolve(change.model);
    const relabels = change.type === "edit" || change.type === "retry";
    const ticket = relabels ? await this.#store.get(key) : undefined;
    const updated = await this.#store.update(key, await this.contracts.admitUpdate(ticket, change));
    // The schema that it was filed with here is no longer that of its result.
    if (change.type === "edit" && change.schema !== undefined) this.#schemas.delete(key);
    return updated;
  }

  decide(
    key: TicketKey,
    { callId, hash }: Pick<CallDecision, "callId" | "hash">,
    decision: Omit<CallDecision, "callId" | "hash">,
  ): Promise<Ticket> {
    return this.#store.update(key, { type: "decide", decision: { ...decision, callId, hash } });
  }

  async finish(lease: Lease, end: ClaimEnd): Promise<CommitReceipt> {
    if ("failure" in end) {
      const failure = { reason: "given_up" as const, message: end.failure };
      const replies = await this.#closing(lease.key);
      return this.#store.commit(lease, { replies, outcome: { status: "failed", failure } });
    }
    const { result, followUps = [] } = end;
    const ticket = await this.#store.get(lease.key);
    if (ticket === undefined) throw new LeaseLostError(lease.key);
    const schema =
      this.resultSchema(ticket) ??
      (ticket.schema === undefined ? undefined : compileJsonSchema(ticket.schema));
    const parsed = await schema?.parse(result);
    if (parsed?.ok === false) {
      const message = `The result of ${lease.key} does not fit its schema:\n${formatIssues(parsed.issues)}`;
      throw new AgentwerkError({ code: "invalid_input", field: "result", message });
    }
    const children = await this.admit(followUps);
    const replies = await this.#closing(lease.key);
    return this.#store.commit(lease, { replies, outcome: { status: "done", result }, children });
  }

  /** The answer to calls that an agent left open on the ticket: every call of a conversation has a result. */
  async #closing(key: TicketKey): Promise<readonly ReplyDraft[]> {
    const closing = closeOpenCalls(await this.#store.replies(key), "The ticket was ended without this call.");
    return closing === undefined ? [] : [closing];
  }

  /** The user's own schema of a ticket's result: what it was filed with here, or what its label's contract says. */
  resultSchema({ key, labels }: Ticket): Schema | undefined {
    return this.#schemas.get(key) ?? this.contracts.resultSchema(labels);
  }

  /** A ticket that is done or cancelled needs its schema no more; a failed one may be retried. */
  notice({ type, ticket }: AgentwerkEvent): void {
    if (ticket === undefined || this.#schemas.size === 0) return;
    if (type === "ticket_done" || type === "ticket_cancelled") this.#schemas.delete(ticket);
  }
}
