import type { Claim, ClaimRequest, StepChange, TicketStore } from "../../store/ticket-store.ts";
import type { ReplyDraft } from "../../ticket/reply.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { TicketDraft } from "../../ticket/ticket-draft.ts";
import type { Clock } from "../../util/clock.ts";

export interface OpenStoreOptions {
  /** What the store has to take its time from, unless the engine has a clock of its own. */
  readonly clock: Clock;
  readonly namespace?: string;
}

/** What a case works with: an empty store and its time. */
export interface StoreBench {
  readonly store: TicketStore;
  readonly clock: Clock;
  /** Lets time go by for the store. */
  passTime(ms: number): Promise<void>;
  /** Another object on the same data, as another process would have it. */
  join(namespace?: string): Promise<TicketStore>;
}

export interface StoreCase {
  /** By which a skip names it. */
  readonly id: string;
  readonly title: string;
  /** Needs data that several objects can open. */
  readonly isShared?: boolean;
  run(bench: StoreBench): Promise<void>;
}

/** Claims with short words: every label of the test by default. */
export async function claim(
  store: TicketStore,
  options: Partial<ClaimRequest> & { labels?: readonly string[]; limit?: number } = {},
): Promise<readonly Claim[]> {
  const { worker = "worker", leaseMs = 60_000, labels = [], limit = 100 } = options;
  return store.claim({ worker, leaseMs, wants: options.wants ?? [{ agent: "agent", labels, limit }] });
}

export async function claimOne(
  store: TicketStore,
  options: Parameters<typeof claim>[1] = {},
): Promise<Claim> {
  const [first] = await claim(store, { limit: 1, ...options });
  if (first === undefined) throw new Error("There was nothing to claim.");
  return first;
}

export async function insertOne(store: TicketStore, draft: Partial<TicketDraft> = {}): Promise<Ticket> {
  const [ticket] = await store.insert([{ task: "task", ...draft }]);
  if (ticket === undefined) throw new Error("The store answered an insert with nothing.");
  return ticket;
}

export async function ticketNow(store: TicketStore, of: { readonly key: Ticket["key"] }): Promise<Ticket> {
  const ticket = await store.get(of.key);
  if (ticket === undefined) throw new Error(`${of.key} is gone.`);
  return ticket;
}

export function comment(text: string): ReplyDraft {
  return { message: { role: "user", content: [{ type: "text", text }] }, purpose: "comment" };
}

export const done: StepChange = { outcome: { status: "done", result: "result" } };
export const failed: StepChange = {
  outcome: { status: "failed", failure: { reason: "given_up", message: "It cannot be done." } },
};
export const asking: StepChange = {
  outcome: { status: "waiting", waiting: { for: "reply", question: "Which one?" } },
};
export const awaitingChildren: StepChange = { outcome: { status: "waiting", waiting: { for: "children" } } };

export const tasksOf = (tickets: readonly Pick<Ticket, "task">[]): readonly unknown[] =>
  tickets.map(({ task }) => task);
export const tasksOfClaims = (claims: readonly Claim[]): readonly unknown[] =>
  claims.map(({ ticket }) => ticket.task);
