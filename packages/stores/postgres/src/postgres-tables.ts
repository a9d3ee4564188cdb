import {
  type Amounts,
  addAmounts,
  isFinal,
  type Reply,
  type ReplyDraft,
  type Ticket,
  type TicketKey,
  ticketKeyOf,
} from "@agentwerk/core";
import {
  allLabels,
  amountsOf,
  type BudgetWindow,
  type Encoded,
  type Later,
  queuesOfTicket,
  type Tables,
  type TallyBook,
  type TicketBody,
  type TicketEnd,
  type TicketState,
  toTicket,
} from "@agentwerk/core/store-kit";
import {
  type Candidate,
  type Facts,
  type KnownTickets,
  Missing,
  type Needs,
  type Texts,
} from "./known-tickets.ts";

/** What a step changes, as the rules decided it. */
export interface Writes {
  /** By ticket: what was there before the step, absent for new ones, and what is after it. */
  readonly states: ReadonlyMap<
    TicketKey,
    { readonly before: TicketState | undefined; readonly after: TicketState }
  >;
  readonly versions: ReadonlyMap<TicketKey, number>;
  readonly created: ReadonlySet<TicketKey>;
  readonly bodies: ReadonlyMap<TicketKey, Encoded<TicketBody>>;
  readonly ends: ReadonlyMap<TicketKey, Encoded<TicketEnd> | undefined>;
  readonly blockers: readonly (readonly [blocker: TicketKey, blocked: TicketKey])[];
  readonly freed: readonly TicketKey[];
  readonly replies: readonly {
    readonly key: TicketKey;
    readonly first: number;
    readonly at: number;
    readonly text: string;
  }[];
  /** `undefined`: untouched; otherwise the new window, or nothing in its place. */
  readonly window: { readonly value: BudgetWindow | undefined } | undefined;
  readonly wantedTickets: ReadonlySet<TicketKey>;
  readonly wantedReplies: ReadonlyMap<TicketKey, number>;
}

/** What the server answered that was asked for along with the step. */
export interface Arrived {
  readonly texts: ReadonlyMap<TicketKey, Texts>;
  readonly replies: ReadonlyMap<TicketKey, readonly Reply[]>;
}

/**
 * The tables as the rules see them: what was read before, and on top of it what they change, which is gathered for one
 * call to the server. What is not known ends the computation; it is then read, and the rules are asked again.
 */
export class PostgresTables implements Tables {
  readonly #facts: Facts;
  readonly #known: KnownTickets;
  readonly #needs: Needs;
  /** The number that stands for the first new ticket's. */
  readonly #base: number;
  readonly #states = new Map<TicketKey, { before: TicketState | undefined; after: TicketState }>();
  readonly #versions = new Map<TicketKey, number>();
  readonly #created = new Set<TicketKey>();
  readonly #bodies = new Map<TicketKey, Encoded<TicketBody>>();
  readonly #ends = new Map<TicketKey, Encoded<TicketEnd> | undefined>();
  readonly #blockers: (readonly [TicketKey, TicketKey])[] = [];
  readonly #freed: TicketKey[] = [];
  readonly #replies: {
    key: TicketKey;
    first: number;
    at: number;
    text: string;
    drafts: readonly ReplyDraft[];
  }[] = [];
  readonly #keys = new Map<string, TicketKey>();
  #window: { readonly value: BudgetWindow | undefined } | undefined;
  readonly #wantedTickets = new Set<TicketKey>();
  readonly #wantedReplies = new Map<TicketKey, number>();
  #arrived: Arrived | undefined;

  constructor(options: {
    readonly facts: Facts;
    readonly known: KnownTickets;
    readonly needs: Needs;
    readonly base: number;
  }) {
    this.#facts = options.facts;
    this.#known = options.known;
    this.#needs = options.needs;
    this.#base = options.base;
  }

  get writes(): Writes {
    return {
      states: this.#states,
      versions: this.#versions,
      created: this.#created,
      bodies: this.#bodies,
      ends: this.#ends,
      blockers: this.#blockers,
      freed: this.#freed,
      replies: this.#replies,
      window: this.#window,
      wantedTickets: this.#wantedTickets,
      wantedReplies: this.#wantedReplies,
    };
  }

  /** Idempotency keys that are new. */
  get newKeys(): ReadonlyMap<string, TicketKey> {
    return this.#keys;
  }

  /** From here on, what was to be read after the commit is there. */
  arrive(arrived: Arrived): void {
    this.#arrived = arrived;
  }

  load(key: TicketKey): TicketState | undefined {
    if (!this.#facts.states.has(key)) {
      const known = this.#known.get(key);
      if (known === undefined) this.#miss(() => this.#needs.tickets.add(key));
      else this.#facts.states.set(key, known);
    }
    const stored = this.#facts.states.get(key);
    this.#versions.set(key, stored?.version ?? 0);
    return stored?.state;
  }

  save(before: TicketState | undefined, after: TicketState): void {
    const entry = this.#states.get(after.key);
    if (entry === undefined) this.#states.set(after.key, { before, after });
    else entry.after = after;
  }

  nextKey(): TicketKey {
    const key = ticketKeyOf(this.#base + this.#created.size);
    this.#created.add(key);
    return key;
  }

  addBody({ key }: TicketState, body: Encoded<TicketBody>): void {
    this.#bodies.set(key, body);
    const { idempotencyKey } = body.value;
    if (idempotencyKey !== undefined) this.#keys.set(idempotencyKey, key);
  }

  replaceBody(key: TicketKey, body: Encoded<TicketBody>): void {
    this.#bodies.set(key, body);
  }

  body(key: TicketKey): TicketBody {
    return this.#bodies.get(key)?.value ?? this.#textsOf(key).body;
  }

  ticketOf(state: TicketState): Later<Ticket> {
    const { key } = state;
    if (!this.#bodies.has(key) || !this.#ends.has(key)) this.#wantedTickets.add(key);
    const body = this.#bodies.get(key);
    const hasEnd = this.#ends.has(key);
    const end = this.#ends.get(key)?.value;
    const isStored = isFinal(state.status) && !this.#isCreated(key);
    return () => {
      const stored = isStored && !hasEnd ? this.#textsOf(key).end : undefined;
      return toTicket(state, body?.value ?? this.#textsOf(key).body, hasEnd ? end : stored);
    };
  }

  keyOfIdempotencyKey(idempotencyKey: string): TicketKey | undefined {
    return this.#keys.get(idempotencyKey) ?? this.#facts.keys.get(idempotencyKey);
  }

  addBlockers(blocked: TicketKey, blockers: readonly TicketKey[]): void {
    for (const blocker of blockers) this.#blockers.push([blocker, blocked]);
  }

  dependentsOf(blocker: TicketKey): readonly TicketKey[] {
    return this.#dependentsOf(blocker, true);
  }

  takeDependents(blocker: TicketKey): readonly TicketKey[] {
    const dependents = this.#dependentsOf(blocker, false);
    this.#freed.push(blocker);
    return dependents;
  }

  appendReplies(key: TicketKey, first: number, replies: Encoded<readonly ReplyDraft[]>, at: number): void {
    this.#replies.push({ key, first, at, text: replies.text, drafts: replies.value });
  }

  repliesOf({ key, replies }: TicketState, from: number): Later<readonly Reply[]> {
    this.#wantedReplies.set(key, Math.min(from, this.#wantedReplies.get(key) ?? from));
    return () => {
      const stored = this.#arrived?.replies.get(key) ?? this.#facts.replies.get(key);
      if (stored === undefined) return this.#miss(() => this.#needs.conversations.add(key));
      const own = this.#arrived === undefined ? this.#ownReplies(key) : [];
      return [...stored, ...own].filter(({ index }) => index >= from && index < replies);
    };
  }

  setEnd(key: TicketKey, end: Encoded<TicketEnd>): void {
    this.#ends.set(key, end);
  }

  clearEnd(key: TicketKey): void {
    this.#ends.set(key, undefined);
  }

  reservations(): readonly TicketState[] {
    const { budget, states } = this.#facts;
    if (budget === undefined) {
      return this.#miss(() => {
        this.#needs.budget = true;
      });
    }
    const reserved = new Map<TicketKey, TicketState>();
    for (const key of budget.reserved) {
      const state = this.#states.get(key)?.after ?? states.get(key)?.state;
      if (state?.reserved !== undefined) reserved.set(key, state);
    }
    for (const [key, { after }] of this.#states) if (after.reserved !== undefined) reserved.set(key, after);
    for (const key of reserved.keys()) if (!this.#isCreated(key)) this.load(key);
    return [...reserved.values()];
  }

  spent(tally: TallyBook, envelope: TicketKey | undefined): Amounts {
    const { budget, envelopes } = this.#facts;
    if (budget === undefined) {
      return this.#miss(() => {
        this.#needs.budget = true;
      });
    }
    if (envelope === undefined) {
      return addAmounts(amountsOf(budget.sums), amountsOf(tally.sums.get(allLabels)));
    }
    const stored = envelopes.get(envelope) ?? (this.#isCreated(envelope) ? [] : undefined);
    if (stored === undefined) return this.#miss(() => this.#needs.envelopes.add(envelope));
    const [cost = 0, inputTokens = 0, outputTokens = 0] = stored;
    const added = tally.envelopes.get(envelope);
    return added === undefined
      ? { cost, inputTokens, outputTokens }
      : addAmounts({ cost, inputTokens, outputTokens }, added);
  }

  budgetWindow(): BudgetWindow | undefined {
    if (this.#window !== undefined) return this.#window.value;
    const { budget } = this.#facts;
    if (budget === undefined) {
      return this.#miss(() => {
        this.#needs.budget = true;
      });
    }
    return budget.window === null ? undefined : JSON.parse(budget.window);
  }

  keepBudgetWindow(window: BudgetWindow | undefined): void {
    this.#window = { value: window };
  }

  /** The function `step` gives leases that ran out back to the queue. */
  leasesUntil(): readonly TicketState[] {
    return [];
  }

  /** As for leases. */
  dueUntil(): readonly TicketState[] {
    return [];
  }

  ready(labels: readonly string[], limit: number): readonly TicketState[] {
    const found = new Map<TicketKey, Candidate>();
    for (const label of labels) {
      const candidates = this.#facts.candidates.get(label);
      if (candidates === undefined) {
        return this.#miss(() => {
          for (const wanted of labels) this.#needs.queues.add(wanted);
          this.#needs.most = Math.max(this.#needs.most, limit + 50);
        });
      }
      for (const candidate of candidates) found.set(candidate.key, candidate);
    }
    const states: TicketState[] = [];
    const inOrder = [...found.values()].sort(
      (left, right) => left.rank - right.rank || this.#numberOf(left.key) - this.#numberOf(right.key),
    );
    for (const { key } of inOrder) {
      if (states.length >= limit) break;
      const stored = this.load(key);
      const state = this.#states.get(key)?.after ?? stored;
      if (state?.queuedAt === 0 && queuesOfTicket(state.labels).some((label) => labels.includes(label)))
        states.push(state);
    }
    return states;
  }

  #numberOf(key: TicketKey): number {
    return Number(key.slice("TICKET-".length));
  }

  #dependentsOf(blocker: TicketKey, isDeep: boolean): readonly TicketKey[] {
    const stored =
      this.#isCreated(blocker) || this.#freed.includes(blocker) ? [] : this.#facts.dependents.get(blocker);
    if (stored === undefined) return this.#miss(() => this.#needs.dependents.set(blocker, isDeep));
    const own = this.#blockers.filter(([of]) => of === blocker).map(([, blocked]) => blocked);
    return [...stored, ...own];
  }

  #textsOf(key: TicketKey): Texts {
    const texts = this.#arrived?.texts.get(key) ?? this.#facts.texts.get(key);
    return texts ?? this.#miss(() => this.#needs.texts.add(key));
  }

  #ownReplies(key: TicketKey): readonly Reply[] {
    return this.#replies
      .filter((batch) => batch.key === key)
      .flatMap(({ drafts, first, at }) =>
        drafts.map((draft, place) => ({ ...draft, index: first + place, at })),
      );
  }

  #isCreated(key: TicketKey): boolean {
    return this.#created.has(key);
  }

  #miss(note: () => unknown): never {
    note();
    throw new Missing("The step has to know more.");
  }
}
