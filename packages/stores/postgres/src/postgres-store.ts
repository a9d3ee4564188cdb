import { randomUUID } from "node:crypto";
import type {
  Claim,
  ClaimRequest,
  CommitOptions,
  Lease,
  StepChange,
  TicketDraft,
  TicketKey,
  TicketStore,
} from "@agentwerk/core";
import {
  checkClaim,
  checkFilter,
  checkLimit,
  checkWants,
  Listeners,
  type Run,
  readAccount,
  storeClosed,
  TallyBook,
  ticketNotFound,
  writeOperations,
} from "@agentwerk/core/store-kit";
import { peekRequest, takeIn } from "./answers.ts";
import { type Database, openDatabase } from "./database.ts";
import { DatabaseClock, type ServerClock, toLocal } from "./database-clock.ts";
import { Facts, KnownTickets, Needs } from "./known-tickets.ts";
import { openNamespace } from "./open-namespace.ts";
import {
  type PostgresOptions,
  type PostgresTarget,
  type ResolvedOptions,
  resolveOptions,
} from "./postgres-options.ts";
import { PostgresTables } from "./postgres-tables.ts";
import { QueueHeads } from "./queue-heads.ts";
import { findEvents } from "./read-events.ts";
import { readOutlook, readTotals } from "./read-sums.ts";
import { findTickets, pruneTickets } from "./read-tickets.ts";
import { encode, StepRunner } from "./step-runner.ts";
import { claimTask, type FoundClaims, writeTask } from "./step-task.ts";
import { RemoteWatch } from "./watch-remote.ts";
import { WriteQueue } from "./write-queue.ts";

/**
 * A store in a PostgreSQL database, version 14 or later, for any number of processes on any number of machines. Nothing is
 * connected before the first operation.
 * @throws AgentwerkError `invalid_input` for options that make no sense.
 */
export function postgres(target: PostgresTarget, options: PostgresOptions = {}): TicketStore {
  return openStore(resolveOptions(target, options), new DatabaseClock());
}

/** The same with a clock that tests decide; theirs is the server's, too. */
export function openStore(resolved: ResolvedOptions, serverClock: ServerClock): TicketStore {
  const { clock } = resolved;
  const database = openDatabase(resolved);
  const known = new KnownTickets();
  const heads = new QueueHeads();
  const origin = randomUUID();
  let opening: Promise<number> | undefined;
  let closing: Promise<void> | undefined;

  /** The namespace's number; schema and namespace are made at the first call, and again after a failure. */
  const namespace = (): Promise<number> => {
    opening ??= openNamespace(database, resolved, serverClock).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const listeners: Listeners = new Listeners({ onFirst: () => remote.start(), onLast: () => remote.stop() });
  const remote = new RemoteWatch({
    database,
    namespace,
    origin,
    isDeaf: resolved.pooler && resolved.listen === undefined,
    pollMs: resolved.pollMs,
    settled: () => queue.settle(),
    onRemote: () => listeners.tell({ origin: "remote" }),
  });
  const runner = new StepRunner({
    database,
    namespace,
    clock: serverClock,
    known,
    heads,
    rider: (id) => remote.rider(id),
    onEvents(events, told) {
      listeners.tell({ origin: "local", events });
      remote.tellOthers(
        events.map(({ id }) => id),
        told,
      );
    },
  });
  const queue = new WriteQueue((tasks) => runner.run(tasks));

  const runWith =
    (hint: readonly TicketKey[]): Run =>
    (work, { lazy = false } = {}) =>
      new Promise((resolve, reject) => queue.add(writeTask(work, { hint, resolve, reject }), { lazy }));
  const operations = (hint: readonly TicketKey[]): ReturnType<typeof writeOperations> =>
    writeOperations(runWith(hint), encode);

  /** Reads after everything that this process wrote before. */
  const read = async <T>(work: (namespaceId: number) => Promise<T>): Promise<T> => {
    if (closing !== undefined) throw storeClosed();
    await queue.settle();
    return database.persist(async () => work(await namespace()));
  };
  const claim = async (request: ClaimRequest): Promise<readonly Claim[]> => {
    checkClaim(request);
    if (!request.wants.some(({ limit }) => limit > 0)) return [];
    const { claims, rest } = await new Promise<FoundClaims>((resolve, reject) =>
      queue.add(claimTask(request, { resolve, reject })),
    );
    if (rest === undefined) return claims;
    // The rules settle the reservation of a worker that vanished; they take what is left of this claim.
    const wants = request.wants.slice(rest.want);
    return [...claims, ...(await operations([]).claim({ ...request, wants, limit: rest.left }))];
  };
  const account = async (
    namespaceId: number,
    envelope: TicketKey | undefined,
  ): ReturnType<TicketStore["account"]> => {
    const facts = new Facts();
    const needs = new Needs();
    needs.budget = true;
    if (envelope !== undefined) needs.envelopes.add(envelope);
    const answer: ReturnType<typeof JSON.parse> = await database.call(
      "peek",
      peekRequest(namespaceId, needs, []),
    );
    takeIn(answer, { facts, known, needs });
    return readAccount(new PostgresTables({ facts, known, needs, base: 0 }), new TallyBook(), envelope);
  };

  return {
    namespace: resolved.namespace,
    ...operations([]),
    insert: async (drafts) => operations(referencesOf(drafts)).insert(drafts),
    claim,
    renew: async (leases, leaseMs) => operations(leases.map(({ key }) => key)).renew(leases, leaseMs),
    release: async (lease) => operations([lease.key]).release(lease),
    commit: async (lease: Lease, change: StepChange, commitOptions?: CommitOptions) =>
      operations([lease.key, ...referencesOf(change.children ?? [])]).commit(lease, change, commitOptions),
    async reserve(lease, request) {
      const answer = await operations([lease.key]).reserve(lease, request);
      // To this process's clock, by which the caller waits.
      if (answer.kind !== "wait") return answer;
      return { ...answer, until: toLocal(answer.until, { server: serverClock.now(), local: clock.now() }) };
    },
    update: async (key, change) => operations([key]).update(key, change),
    get: (key) => read(async (id) => (await findTickets(database, id, { keys: [key] }))[0]),
    async find(filter) {
      checkFilter(filter);
      return read((id) => findTickets(database, id, filter));
    },
    replies: (key) => read((id) => readReplies(database, id, key)),
    async events(query) {
      checkLimit(query.limit, "limit");
      return read((id) => findEvents(database, id, query));
    },
    totals: () => read((id) => readTotals(database, id)),
    account: (envelope) => read((id) => account(id, envelope)),
    async outlook(wants) {
      checkWants(wants);
      return read((id) => readOutlook(database, { namespace: id, wants, now: () => clock.now() }));
    },
    async prune(filter) {
      checkFilter(filter);
      return read((id) => pruneTickets(database, id, filter));
    },
    watch(listener, { signal } = {}) {
      if (closing !== undefined) throw storeClosed();
      listeners.add(listener, signal);
    },
    close() {
      closing ??= queue.close().then(async () => {
        listeners.clear();
        await database.close();
      });
      return closing;
    },
  };
}

async function readReplies(
  database: Database,
  namespace: number,
  key: TicketKey,
): ReturnType<TicketStore["replies"]> {
  const facts = new Facts();
  const known = new KnownTickets();
  const needs = new Needs();
  needs.tickets.add(key);
  needs.conversations.add(key);
  const answer: ReturnType<typeof JSON.parse> = await database.call(
    "peek",
    peekRequest(namespace, needs, []),
  );
  takeIn(answer, { facts, known, needs });
  if (facts.states.get(key) === undefined) throw ticketNotFound(key);
  return facts.replies.get(key) ?? [];
}

/** Tickets that drafts name, as far as they have the form of keys; what is wrong is refused elsewhere. */
function referencesOf(drafts: readonly TicketDraft[]): readonly TicketKey[] {
  if (!Array.isArray(drafts)) return [];
  return drafts.flatMap((draft: TicketDraft) => {
    if (typeof draft !== "object" || draft === null) return [];
    const { parent, blockedBy } = draft;
    const names: readonly unknown[] = [parent, ...(Array.isArray(blockedBy) ? blockedBy : [])];
    return names.filter(
      (name): name is TicketKey => typeof name === "string" && /^TICKET-[1-9]\d{0,14}$/.test(name),
    );
  });
}
