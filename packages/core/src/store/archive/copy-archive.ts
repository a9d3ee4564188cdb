import { setImmediate } from "node:timers/promises";
import { type Clock, sleep, systemClock } from "../../util/clock.ts";
import { HeldTicketsError } from "./held-tickets-error.ts";
import type { HeldTicket, RecordCounts, StoreArchive, StoreSnapshot } from "./store-archive.ts";
import type { StoreRecord } from "./store-record.ts";
import { cutStream } from "./whole-stream.ts";

/** How far a copy is. */
export type CopyProgress =
  | { readonly phase: "waiting"; readonly held: readonly HeldTicket[] }
  | {
      readonly phase: "copying";
      readonly copied: RecordCounts;
      /** What there is. */
      readonly of: RecordCounts;
    };

export interface CopyOptions {
  /**
   * `refuse`: nothing is copied while a worker holds a ticket, since what it does from then on would be missing.
   * `copy`: the copy is a backup of this moment; in it such tickets go on as if their workers had vanished. `refuse` unless given.
   */
  readonly held?: "refuse" | "copy" | undefined;
  /** So long to wait for workers to give back what they hold, before that counts. 0 unless given. */
  readonly waitMs?: number | undefined;
  /** Called now and then. */
  readonly onProgress?: ((progress: CopyProgress) => void) | undefined;
  /** Ends the copy; nothing of it is there then. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

export interface CopyReport extends RecordCounts {
  /** Tickets that workers held when the copy was taken. */
  readonly held: number;
  /** Of the source; they are not copied. */
  readonly otherNamespaces: readonly string[];
  /** The source was written to since then, and the copy does not have that. */
  readonly hasMovedOn: boolean;
}

/** How often held tickets are looked for: workers that are stopped give theirs back before the lease ends. */
const lookEveryMs = 250;
/** Records between two turns of the event loop, so that signals and timers of this process are heard. */
const breath = 500;

/**
 * Copies a namespace from any engine to any other: tickets with keys, conversations, results, leases and failed attempts,
 * events with their ids, totals with what was pruned, budgets and idempotency keys. One consistent snapshot is read, nothing
 * of the source changes, and the copy is there as a whole or not at all.
 * @throws HeldTicketsError; AgentwerkError `conflict` when the target is not empty, and what the engines throw.
 */
export async function copyArchive(
  from: StoreArchive,
  to: StoreArchive,
  options: CopyOptions = {},
): Promise<CopyReport> {
  const { snapshot, report } = await copyOnce(from, to, options);
  await using after = await from.open();
  return { ...report, hasMovedOn: after.lastEvent !== snapshot.lastEvent };
}

async function copyOnce(
  from: StoreArchive,
  to: StoreArchive,
  options: CopyOptions,
): Promise<{ readonly snapshot: StoreSnapshot; readonly report: Omit<CopyReport, "hasMovedOn"> }> {
  await using snapshot = await openWhenFree(from, options);
  let end: Extract<StoreRecord, { kind: "end" }> | undefined;
  const records = async function* (): AsyncIterable<StoreRecord> {
    for await (const record of watched(snapshot, options)) {
      if (record.kind === "end") end = record;
      yield record;
    }
  };
  await to.restore(records());
  if (end === undefined) throw cutStream();
  const { tickets, replies, events } = end;
  const { held, otherNamespaces } = snapshot;
  return { snapshot, report: { tickets, replies, events, held: held.length, otherNamespaces } };
}

async function openWhenFree(from: StoreArchive, options: CopyOptions): Promise<StoreSnapshot> {
  const { held = "refuse", waitMs = 0, onProgress, signal, clock = systemClock } = options;
  const deadline = clock.now() + waitMs;
  for (;;) {
    signal?.throwIfAborted();
    const snapshot = await from.open();
    if (snapshot.held.length === 0) return snapshot;
    const left = deadline - clock.now();
    if (left <= 0 && held === "copy") return snapshot;
    await snapshot[Symbol.asyncDispose]();
    if (left <= 0) throw new HeldTicketsError(from.where, snapshot);
    onProgress?.({ phase: "waiting", held: snapshot.held });
    await sleep(Math.min(left, lookEveryMs), { clock, signal });
  }
}

/** The records of a snapshot, with progress, and with turns for the rest of this process in between. */
async function* watched(
  snapshot: StoreSnapshot,
  { onProgress, signal }: CopyOptions,
): AsyncIterable<StoreRecord> {
  const copied = { tickets: 0, replies: 0, events: 0 };
  let passed = 0;
  for await (const record of snapshot.records()) {
    if (record.kind === "ticket") copied.tickets += 1;
    else if (record.kind === "reply") copied.replies += 1;
    else if (record.kind === "event") copied.events += 1;
    passed += 1;
    const isLast = record.kind === "end";
    if (isLast || passed % breath === 0) {
      await setImmediate();
      signal?.throwIfAborted();
      onProgress?.({ phase: "copying", copied: { ...copied }, of: snapshot.counts });
    }
    yield record;
  }
}
