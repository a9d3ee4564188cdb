import { hostname } from "node:os";
import { resolve } from "node:path";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { AgentwerkEvent, EventType } from "../event/event.ts";
import { type EventHandler, EventHub } from "../event/event-hub.ts";
import { definePlugin, type Plugin } from "../plugin/plugin.ts";
import { textBlock } from "../provider/content.ts";
import type { Schema, SchemaInput, SchemaOutput, SchemaSource } from "../schema/schema.ts";
import type {
  CommitReceipt,
  EventQuery,
  Lease,
  StoreNotice,
  TicketStore,
  TicketUpdate,
} from "../store/ticket-store.ts";
import type { Reply } from "../ticket/reply.ts";
import type { PendingCall, Ticket } from "../ticket/ticket.ts";
import { attemptAll } from "../util/attempt-all.ts";
import { type Clock, systemClock } from "../util/clock.ts";
import { toMilliseconds } from "../util/duration.ts";
import type { JsonValue } from "../util/json.ts";
import { refuseUnknownOptions } from "../util/refuse-unknown-options.ts";
import { AgentRegistry } from "./agent-registry.ts";
import type { Explanation } from "./explain-ticket.ts";
import { Explainer } from "./explainer.ts";
import { type ClaimEnd, FrontDoor } from "./front-door.ts";
import { ModelResolver } from "./model-resolver.ts";
import { openStore } from "./open-store.ts";
import { OutputFiles } from "./output-files.ts";
import { PluginHost } from "./plugin-host.ts";
import { pruneTickets } from "./prune-tickets.ts";
import { ReadableLog } from "./readable-log.ts";
import type { RunOptions as RunParts } from "./run.ts";
import { Runner } from "./runner.ts";
import { type Stats, toStats } from "./stats.ts";
import {
  checkTask,
  compileOnce,
  keyOf,
  type NewTask,
  type TaskOptions,
  type TicketReference,
} from "./task-options.ts";
import { TicketHandle } from "./ticket-handle.ts";
import type { TicketResults } from "./ticket-results.ts";
import { filterOf, findTickets, type TicketSet, updateEach } from "./ticket-set.ts";
import {
  type AgentLike,
  checkSystemOptions,
  type LabelContract,
  type RetryOptions,
  type RunOptions,
  type TicketSystemOptions,
} from "./ticket-system-options.ts";
import { TicketWaiters } from "./ticket-waiters.ts";

/** The type of a result: what the schema parses to, or any JSON without one. */
type ResultOf<Source extends SchemaSource> = [Source] extends [never] ? JsonValue : SchemaOutput<Source>;

/** A queue of tickets and the agents that work them. Several systems, in one process or many, can share a store. */
export class TicketSystem {
  readonly store: TicketStore;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #plugins: readonly Plugin[];
  readonly #registry: AgentRegistry;
  readonly #events = new EventHub();
  readonly #models: ModelResolver;
  readonly #door: FrontDoor;
  readonly #explainer: Explainer;
  readonly #waiters: TicketWaiters;
  readonly #outputs: OutputFiles;
  readonly #log: ReadableLog | undefined;
  readonly #ownsStore: boolean;
  readonly #runner: Runner;
  #lastEventId = 0;
  #closing: Promise<void> | undefined;
  /** Aborts when the system is closed. */
  readonly #ended = new AbortController();

  /** @throws AgentwerkError when an option is refused or the database cannot be opened. */
  constructor(options: TicketSystemOptions = {}) {
    checkSystemOptions(options);
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#plugins = (options.plugins ?? []).map((plugin) => definePlugin(plugin));
    this.#registry = new AgentRegistry(this.#plugins);
    for (const agent of options.agents ?? []) this.#registry.add(agent, () => {});
    const plugins = new PluginHost({ plugins: this.#plugins, ended: this.#ended.signal });
    const { store, namespace, dir } = options;
    const clock = this.#clock;
    this.store = openStore({ store, namespace, dir, plugins: this.#plugins, clock });
    this.#ownsStore = store === undefined || typeof store === "string";
    const agents = this.#registry.all;
    this.#models = new ModelResolver({ plugins: this.#plugins, agents });
    this.#door = new FrontDoor({ store: this.store, models: this.#models });
    this.#runner = new Runner({
      store: this.store,
      clock,
      worker:
        options.worker ?? `${hostname()}:${process.pid}:${Math.floor(Math.random() * 2 ** 32).toString(16)}`,
      leaseMs: toMilliseconds(options.leaseDuration ?? "30s", "leaseDuration"),
      policy: options.policy ?? {},
      agents,
      host: this.#host(),
      explainOpen: () => this.#explainer.explainOpen(),
      onStart: (signal) => plugins.open(signal),
      onSettled: async () => this.#log?.flush(),
      onEnd: () => this.#waiters.dismiss(),
    });
    this.#explainer = new Explainer({ store: this.store, agents, clock, runner: this.#runner });
    const folder = dir === undefined ? undefined : resolve(dir);
    this.#outputs = new OutputFiles({ dir: folder, namespace: this.store.namespace });
    const onEnded = (tickets: readonly Ticket[]): void => this.#runner.keep(tickets);
    this.#log =
      folder === undefined ? undefined : new ReadableLog({ store: this.store, dir: folder, clock, onEnded });
    this.#waiters = new TicketWaiters({
      store: this.store,
      clock,
      isOver: () => this.#runner.isOver,
      explain: (ticket) => this.#explainer.explain(ticket),
    });
    plugins.subscribe(this.#events);
    this.store.watch((notice) => this.#notice(notice), { signal: this.#ended.signal });
  }

  /** Adds an agent; also while a run goes on. Its name has to be new here. */
  agent(agent: AgentLike): void {
    this.#registry.add(agent, (definition) => this.#runner.checkAgent(definition));
    this.#runner.wake();
  }

  /** Files a ticket. */
  async task<const Source extends SchemaSource = never>(
    task: JsonValue,
    options: TaskOptions<Source> = {},
  ): Promise<TicketHandle<ResultOf<Source>>> {
    const [handle] = await this.tasks<Source>([{ ...options, task }]);
    if (handle !== undefined) return handle;
    throw new AgentwerkError({
      code: "store_unavailable",
      message: "The store took the ticket and gave none back.",
    });
  }

  /** Files tickets in one step: all of them, or none when one is refused. */
  async tasks<const Source extends SchemaSource = never>(
    tasks: readonly NewTask<Source>[],
  ): Promise<readonly TicketHandle<ResultOf<Source>>[]> {
    const checked = tasks.map((task) => checkTask(task));
    const tickets = await this.#door.file(checked);
    return tickets.map(({ key }, index) => {
      const schema = checked[index]?.schema as Schema<ResultOf<Source>> | undefined;
      return new TicketHandle({ key, store: this.store, waiters: this.#waiters, schema });
    });
  }

  /**
   * Says what every ticket with a label has to look like, whoever files it: people, agents by handover, other programs
   * through this system. Holds in this process; each process that works the label defines it.
   */
  contract<const Input extends SchemaSource = never, const Result extends SchemaSource = never>(
    label: string,
    schemas: { readonly input?: Input | undefined; readonly result?: Result | undefined },
  ): LabelContract<[Input] extends [never] ? JsonValue : SchemaInput<Input>, ResultOf<Result>> {
    refuseUnknownOptions(schemas, { known: new Set(["input", "result"]), of: "a contract" });
    const input = schemas.input === undefined ? undefined : compileOnce(schemas.input);
    const result = schemas.result === undefined ? undefined : compileOnce(schemas.result);
    this.#door.contracts.define(label, { input, result });
    return {
      label,
      task: async (task, options = {}) => {
        const labels = [...(options.labels ?? []), label];
        return this.task<Result>(task as JsonValue, { ...options, labels, schema: schemas.result });
      },
    };
  }

  /** A handle on a ticket that is already there; pass the schema to have its result parsed and typed. */
  async ticket<const Source extends SchemaSource = never>(
    reference: TicketReference | string,
    options: { readonly schema?: Source | undefined } = {},
  ): Promise<TicketHandle<ResultOf<Source>>> {
    const { key } = await this.#existing(reference);
    const compiled = options.schema === undefined ? undefined : compileOnce(options.schema);
    const schema = compiled as Schema<ResultOf<Source>> | undefined;
    return new TicketHandle({ key, store: this.store, waiters: this.#waiters, schema });
  }

  /** Works tickets until none is left that could be worked, and says why it ended. */
  async runDry(options: RunOptions = {}): Promise<TicketResults> {
    return this.#begin(options, true);
  }

  /** Works tickets, and waits for more, until `stop` is called, the signal aborts or a policy ends it. */
  async run(options: RunOptions = {}): Promise<TicketResults> {
    return this.#begin(options, false);
  }

  /** Ends the run in order: turns in hand are finished, then their tickets go back to the queue. */
  stop(): void {
    this.#runner.stop({ now: false });
  }

  /** Calls `handler` for each event of a type that this process causes; the returned function takes it back. */
  on<Type extends EventType>(type: Type, handler: EventHandler<Type>): () => void {
    return this.#events.on(type, handler);
  }

  /** The events that this process causes, from now on. What other processes did stands in `eventLog`. */
  events(options: { readonly signal?: AbortSignal } = {}): AsyncIterable<AgentwerkEvent> {
    const { signal } = options;
    const ended = this.#ended.signal;
    return this.#events.events({ signal: signal === undefined ? ended : AbortSignal.any([signal, ended]) });
  }

  /** Stored events of all processes that share the store. */
  async eventLog(query: EventQuery = {}): Promise<readonly AgentwerkEvent[]> {
    return this.store.events(query);
  }

  async get(reference: TicketReference | string): Promise<Ticket | undefined> {
    return this.store.get(keyOf(reference));
  }

  /** By insertion, or as the query orders them. */
  async find(set: TicketSet = {}): Promise<readonly Ticket[]> {
    return findTickets(this.store, { set, now: this.#clock.now() });
  }

  /** Cancels those of a set that are not final; resolves with them. */
  async cancelAll(set: TicketSet, reason?: string): Promise<readonly Ticket[]> {
    return updateEach(await this.find(set), (key) => this.#door.update(key, { type: "cancel", reason }));
  }

  /** Puts those of a set that failed back on the queue; resolves with them. */
  async retryAll(set: TicketSet, options: RetryOptions = {}): Promise<readonly Ticket[]> {
    return updateEach(await this.find(set), (key) => this.#door.update(key, { type: "retry", ...options }));
  }

  /**
   * Removes those of a set that are final, with their conversations and outputs, and gives the space back; resolves with
   * their number. Stats and events stay.
   */
  async prune(set: TicketSet): Promise<number> {
    const filter = await filterOf(this.store, { set, now: this.#clock.now() });
    return pruneTickets(filter, { store: this.store, outputs: this.#outputs });
  }

  async replies(reference: TicketReference | string): Promise<readonly Reply[]> {
    return this.store.replies(keyOf(reference));
  }

  /** Says something on a ticket; wakes it when it waits for a reply. */
  async reply(
    reference: TicketReference | string,
    text: string,
    options: { readonly author?: string } = {},
  ): Promise<Ticket> {
    return this.store.update(keyOf(reference), {
      type: "reply",
      content: [textBlock(text)],
      author: options.author,
    });
  }

  async cancel(reference: TicketReference | string, reason?: string): Promise<Ticket> {
    return this.store.update(keyOf(reference), { type: "cancel", reason });
  }

  /** Lets a call run that a ticket waits with, as it is or with other arguments; `call` is from `ticket.waiting.calls`. */
  async approve(
    reference: TicketReference | string,
    call: Pick<PendingCall, "callId" | "hash">,
    options: { readonly input?: JsonValue; readonly by?: string } = {},
  ): Promise<Ticket> {
    return this.#door.decide(keyOf(reference), call, { verdict: "approved", ...options });
  }

  /** Refuses a call that a ticket waits with; the agent reads the reason. */
  async reject(
    reference: TicketReference | string,
    call: Pick<PendingCall, "callId" | "hash">,
    options: { readonly reason?: string; readonly by?: string } = {},
  ): Promise<Ticket> {
    return this.#door.decide(keyOf(reference), call, { verdict: "rejected", ...options });
  }

  /** Puts a failed ticket back on the queue with its conversation; the note tells the agent what to do otherwise. */
  async retry(reference: TicketReference | string, options: RetryOptions = {}): Promise<Ticket> {
    return this.#door.update(keyOf(reference), { type: "retry", ...options });
  }

  /** Changes a ticket that nobody has started. */
  async edit(
    reference: TicketReference | string,
    change: Omit<Extract<TicketUpdate, { type: "edit" }>, "type">,
  ): Promise<Ticket> {
    return this.#door.update(keyOf(reference), { type: "edit", ...change });
  }

  /**
   * Ends a ticket that was claimed from the store and worked outside of a run, by the rules that hold for agents.
   * @throws AgentwerkError `invalid_input` for a result or a follow-up that does not fit; LeaseLostError.
   */
  async finish(lease: Lease, end: ClaimEnd): Promise<CommitReceipt> {
    return this.#door.finish(lease, end);
  }

  /** Why a ticket does not move. */
  async explain(reference: TicketReference | string): Promise<Explanation> {
    return this.#explainer.explain(await this.#existing(reference));
  }

  /** Of all tickets of the store; `runMs` of this process. */
  async stats(): Promise<Stats> {
    return toStats((await this.store.totals()).all, this.#runner.runMs);
  }

  /** Of the tickets with a label; `undefined` for a label that no ticket ever had. */
  async statsForLabel(label: string): Promise<Stats | undefined> {
    const { labels } = await this.store.totals();
    const tally = Object.hasOwn(labels, label) ? labels[label] : undefined;
    return tally === undefined ? undefined : toStats(tally, 0);
  }

  /**
   * Stops a run at once, writes what is outstanding, closes plugins and the store if this system opened it. Those who wait
   * for a result are told. Every part is closed, also when another one fails.
   * @throws AggregateError of what failed.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const closed = new AgentwerkError({ code: "closed", message: "The ticket system was closed." });
    this.#ended.abort(closed);
    this.#runner.stop({ now: true });
    await this.#runner.settled();
    this.#waiters.rejectAll(closed);
    const failures = await attemptAll([
      async () => this.#log?.flush(),
      ...this.#plugins.map((plugin) => async () => plugin.close?.()),
      async () => (this.#ownsStore ? this.store.close() : undefined),
      () => this.#outputs.close(),
    ]);
    if (failures.length > 0)
      throw new AggregateError(failures, "The ticket system was closed, but not all of it in order.");
  }

  async #existing(reference: TicketReference | string): Promise<Ticket> {
    const key = keyOf(reference);
    const ticket = await this.store.get(key);
    if (ticket !== undefined) return ticket;
    throw new AgentwerkError({ code: "not_found", field: "key", message: `There is no ticket ${key}.` });
  }

  #begin({ signal }: RunOptions, untilDry: boolean): Promise<TicketResults> {
    if (this.#closing === undefined) return this.#runner.begin({ signal, untilDry });
    throw new AgentwerkError({ code: "closed", message: "This ticket system was closed." });
  }

  #host(): RunParts["host"] {
    return {
      store: this.store,
      clock: this.#clock,
      random: this.#random,
      tickets: this.#door.access,
      resultSchema: (ticket) => this.#door.resultSchema(ticket),
      admit: (drafts) => this.#door.admit(drafts),
      resolveModel: (name) => this.#models.resolve(name),
      listens: (type) => this.#events.listens(type),
      emit: (draft) =>
        this.#events.dispatch({ ...draft, id: this.#lastEventId, at: this.#clock.now() } as AgentwerkEvent),
      saveOutput: (output) => this.#outputs.save(output),
    };
  }

  #notice(notice: StoreNotice): void {
    this.#waiters.notice(notice);
    if (notice.origin === "remote") return;
    this.#log?.take(notice.events);
    for (const event of notice.events) {
      this.#lastEventId = event.id;
      this.#events.dispatch(event);
      this.#door.notice(event);
      this.#runner.notice(event);
    }
  }
}
