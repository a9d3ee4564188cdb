import type { AgentDefinition } from "../agent/agent-definition.ts";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { EventType, RunReason, UnclaimedTicket } from "../event/event.ts";
import type { Admission, LoopHost, RequestWish } from "../loop/loop-host.ts";
import type { Policy } from "../policy/policy.ts";
import type { Claim, StoreNotice, TicketStore, Want } from "../store/ticket-store.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import { Alarm } from "../util/alarm.ts";
import type { Clock } from "../util/clock.ts";
import { Throttle } from "../util/throttle.ts";
import { AgentSlots } from "./agent-slots.ts";
import { EndedKeys, mostRemembered } from "./ended-keys.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import type { RunBudget } from "./run-budget.ts";
import type { PolicyViolation } from "./ticket-results.ts";
import { WorkInHand } from "./work-in-hand.ts";

export interface RunOptions {
  readonly store: TicketStore;
  readonly clock: Clock;
  /** Names this process. */
  readonly worker: string;
  /** Read anew at each claim, so that agents may join a run. */
  readonly agents: ReadonlyMap<string, AgentDefinition>;
  readonly policy: Policy;
  readonly budget: RunBudget;
  readonly leases: LeaseKeeper;
  readonly leaseMs: number;
  /** End when nothing is left to do; otherwise wait for more. */
  readonly untilDry: boolean;
  readonly host: Omit<LoopHost, "mayRequest" | "isBudgeted" | "reserve" | "remaining">;
  readonly explainOpen: () => Promise<readonly UnclaimedTicket[]>;
}

export interface RunEnd {
  readonly reason: RunReason;
  readonly violation: PolicyViolation | undefined;
  readonly ended: readonly TicketKey[];
  readonly unclaimed: readonly UnclaimedTicket[];
}

/** Events of tickets after which a claim may find something. */
const wakingTypes: ReadonlySet<EventType> = new Set([
  "ticket_created",
  "ticket_released",
  "ticket_replied",
  "approval_resolved",
  "ticket_retried",
  "ticket_edited",
  "ticket_done",
  "ticket_failed",
  "ticket_cancelled",
  "ticket_waiting",
]);

const finalTypes: ReadonlySet<EventType> = new Set(["ticket_done", "ticket_failed", "ticket_cancelled"]);

/** Least milliseconds between two claims that writes of other processes cause. */
const remotePauseMs = 5;

/** How soon a run that has work but free slots looks when time alone will make something ready, in milliseconds. */
const lookPauseMs = 100;

/** Wall clocks are set, and machines sleep: how late what is due may be noticed because of that, in milliseconds. */
const longestLookMs = 300_000;

/**
 * Hands tickets to agents' free slots until there is a reason to end.
 *
 * It claims when a slot gets free, when an event or another process's write says that something may be ready, and when
 * a `notBefore` or a lease of somebody else runs out. With nothing claimed, nothing in hand and `untilDry`, it asks the
 * store's outlook: nothing open means drained; nothing that time or another worker could move means stalled; else it
 * waits. Ending: nothing is claimed any more, what is in hand comes to its end (in order, or at once after an abort).
 */
export class Run {
  readonly #options: RunOptions;
  readonly #slots: AgentSlots;
  readonly #inHand: WorkInHand;
  readonly #remote: Throttle;
  readonly #nextLook: Alarm;
  readonly #ended: EndedKeys;
  readonly #end = Promise.withResolvers<void>();
  readonly #watch = new AbortController();
  /** Claims after a look that found nothing, since one that did. */
  #vainClaims = 0;
  #cancelRetry: (() => void) | undefined;
  #steps = 0;
  #claiming = false;
  #claimAgain = false;
  #claimQueued = false;
  #ending: { readonly reason: RunReason; readonly unclaimed: readonly UnclaimedTicket[] } | undefined;
  #violation: PolicyViolation | undefined;
  #failure: { readonly reason: unknown } | undefined;
  #settled = false;

  constructor(options: RunOptions) {
    this.#options = options;
    const { clock } = options;
    this.#slots = new AgentSlots(options);
    this.#ended = new EndedKeys(options.untilDry ? Number.POSITIVE_INFINITY : mostRemembered);
    this.#remote = new Throttle({ clock, pauseMs: remotePauseMs, task: () => this.#claimSoon() });
    this.#nextLook = new Alarm({ clock, task: () => this.#lookNow() });
    this.#inHand = new WorkInHand({
      ...options,
      slots: this.#slots,
      host: this.#hostOf(options),
      onFree: () => this.#claimSoon(),
      onLetGo: () => this.#settle(),
      onError: (reason) => this.#break(reason),
    });
  }

  /** Runs to the end. Rejects when the store fails or an option is refused. */
  async run(): Promise<RunEnd> {
    const { store, clock, budget, agents, worker } = this.#options;
    await budget.start([...agents.values()]);
    // Nothing else keeps a process alive that waits for tickets of another one.
    const cancelKeepAlive = clock.setTimer(() => {}, Number.MAX_SAFE_INTEGER, { keepAlive: true });
    const cancelTimeout =
      budget.maxTimeMs === undefined ? () => {} : clock.setTimer(() => this.#timeOut(), budget.maxTimeMs);
    store.watch((notice) => this.#notice(notice), { signal: this.#watch.signal });
    try {
      await store.append([{ type: "run_started", worker, labels: [] }]);
      this.#claimSoon();
      await this.#end.promise;
      if (this.#failure !== undefined) throw this.#failure.reason;
      return await this.#report();
    } finally {
      this.#settled = true;
      this.#watch.abort();
      cancelKeepAlive();
      cancelTimeout();
      this.#nextLook.stop();
      this.#remote.stop();
      this.#cancelRetry?.();
      await budget.end();
    }
  }

  /** Ends the run: after the turns in hand, or with `now` at once; tickets in hand go back to the queue. */
  stop(options: { readonly now: boolean }): void {
    this.#begin("stopped");
    if (options.now) this.#abortAll();
    this.#settle();
  }

  /** An agent joined. */
  wake(): void {
    this.#claimSoon();
  }

  async #report(): Promise<RunEnd> {
    const { store, worker } = this.#options;
    const { reason, unclaimed } = this.#ending ?? { reason: "stopped", unclaimed: [] };
    const violation = this.#violation;
    if (reason === "policy" && violation !== undefined) {
      await store.append([{ type: "policy_violated", ...violation, labels: [] }]);
    }
    if (reason === "stalled") await store.append([{ type: "run_stalled", worker, unclaimed, labels: [] }]);
    await store.append([{ type: "run_finished", worker, reason, labels: [] }]);
    return { reason, violation, ended: this.#ended.all, unclaimed };
  }

  #notice(notice: StoreNotice): void {
    this.#options.budget.wake();
    if (notice.origin === "remote") {
      this.#inHand.checkSoon();
      this.#remote.ask();
      return;
    }
    let wake = false;
    for (const { type, ticket } of notice.events) {
      wake ||= wakingTypes.has(type);
      if (ticket === undefined || !finalTypes.has(type)) continue;
      this.#ended.add(ticket);
      if (type === "ticket_cancelled") this.#inHand.lose(ticket);
    }
    if (wake) this.#claimSoon();
  }

  /** One claim for all slots that get free in the same go of the event loop, in time for the store's next transaction. */
  #claimSoon(): void {
    if (this.#claimQueued || this.#settled) return;
    this.#claimQueued = true;
    process.nextTick(() => {
      this.#claimQueued = false;
      void this.#claim();
    });
  }

  async #claim(): Promise<void> {
    if (this.#claiming) {
      this.#claimAgain = true;
      return;
    }
    const wants = this.#wants();
    if (wants.length === 0) {
      this.#settle();
      return;
    }
    this.#claiming = true;
    this.#claimAgain = false;
    try {
      const { store, worker, leases, leaseMs } = this.#options;
      await leases.catchUp();
      const limit = Number.isFinite(this.#stepsLeft) ? this.#stepsLeft : undefined;
      const claims = await store.claim({ worker, wants, limit, leaseMs });
      if (claims.length > 0) this.#vainClaims = 0;
      for (const claim of claims) this.#start(claim);
    } catch (reason) {
      this.#break(reason);
    } finally {
      this.#claiming = false;
    }
    if (this.#claimAgain) void this.#claim();
    else this.#settle();
  }

  /** What the free slots could take. */
  #wants(): readonly Want[] {
    return this.#ending !== undefined || this.#stepsLeft <= 0 ? [] : this.#slots.wants(this.#stepsLeft);
  }

  get #stepsLeft(): number {
    return this.#options.budget.maxSteps - this.#steps;
  }

  #start(claim: Claim): void {
    const { agents, store } = this.#options;
    const agent = agents.get(claim.agent);
    if (agent === undefined || this.#ending !== undefined) {
      store.release(claim.lease).catch((reason: unknown) => this.#break(reason));
      return;
    }
    this.#steps++;
    this.#inHand.begin(claim, agent);
  }

  #hostOf({ host, budget }: RunOptions): LoopHost {
    return {
      ...host,
      mayRequest: () => this.#ending === undefined,
      isBudgeted: (ticket) => budget.isBudgeted(ticket),
      reserve: (wish) => this.#reserve(wish),
      remaining: () => budget.remaining(this.#steps),
    };
  }

  async #reserve(wish: RequestWish): Promise<Admission> {
    const admission = await this.#options.budget.reserve(wish);
    if (!("violation" in admission)) return admission;
    this.#violate(admission.violation);
    return { kind: "stopped" };
  }

  #timeOut(): void {
    const maximum = this.#options.budget.maxTimeMs ?? 0;
    this.#violate({ limit: "maxTime", maximum, value: maximum });
    this.#abortAll();
  }

  #violate(violation: PolicyViolation): void {
    if (this.#ending !== undefined) return;
    this.#violation = violation;
    this.#begin("policy");
    this.#settle();
  }

  /** The first reason to end stays. */
  #begin(reason: RunReason, unclaimed: readonly UnclaimedTicket[] = []): void {
    this.#ending ??= { reason, unclaimed };
    this.#options.budget.stop();
  }

  #abortAll(): void {
    this.#inHand.abortAll(new AgentwerkError({ code: "aborted", message: "The run was stopped." }));
  }

  #break(reason: unknown): void {
    this.#failure ??= { reason };
    this.#begin("stopped");
    this.#abortAll();
    this.#settle();
  }

  /** With nothing in hand: ends, or finds out what there is to wait for. */
  #settle(): void {
    if (this.#settled || this.#claiming || this.#claimQueued) return;
    if (this.#inHand.count > 0) {
      this.#lookLater(lookPauseMs);
      return;
    }
    if (this.#ending !== undefined) this.#end.resolve();
    else if (this.#cancelRetry === undefined) this.#lookNow();
  }

  /** Looks again when the time comes; a look that is due sooner stays. */
  #lookLater(delayMs: number): void {
    if (this.#ending === undefined) this.#nextLook.ask(delayMs);
  }

  #lookNow(): void {
    this.#look().catch((reason: unknown) => this.#break(reason));
  }

  async #look(): Promise<void> {
    const { store, untilDry, clock } = this.#options;
    const wants = this.#wants();
    // With all slots busy there is nothing to look for: the next one that gets free claims.
    if (wants.length === 0 && this.#inHand.count > 0) return;
    const { moves } = this.#inHand;
    const { todo, inProgress, waiting, claimable, leased, nextAt } = await store.outlook(wants);
    if (this.#hasMoved(moves)) return;
    const isIdle = this.#inHand.count === 0;
    if (claimable > 0) this.#claimAgainSoon();
    else if (isIdle && untilDry && todo + inProgress + waiting === 0) this.#endBecause("drained");
    else if (isIdle && this.#stepsLeft <= 0) await this.#endWithoutSteps(moves, leased);
    else if (isIdle && untilDry && leased === 0 && nextAt === undefined) await this.#endStalled(moves);
    else if (nextAt !== undefined)
      this.#lookLater(Math.max(1, Math.min(longestLookMs, nextAt - clock.now())));
  }

  /** Out of steps: that is the reason, unless what is open could not be worked anyway. */
  async #endWithoutSteps(moves: number, leased: number): Promise<void> {
    const { untilDry, budget } = this.#options;
    if (untilDry && leased === 0 && !(await this.#wouldGoOn())) {
      await this.#endStalled(moves);
      return;
    }
    if (this.#hasMoved(moves)) return;
    this.#violate({ limit: "maxSteps", maximum: budget.maxSteps, value: this.#steps });
  }

  async #endStalled(moves: number): Promise<void> {
    const unclaimed = await this.#options.explainOpen();
    if (!this.#hasMoved(moves)) this.#endBecause("stalled", unclaimed);
  }

  /** With more steps, would there be something to do, now or later? */
  async #wouldGoOn(): Promise<boolean> {
    const { claimable, nextAt } = await this.#options.store.outlook(this.#slots.anyWants());
    return claimable > 0 || nextAt !== undefined;
  }

  /** Whether something happened while a look waited for the store: then what it saw is no longer true. */
  #hasMoved(moves: number): boolean {
    return (
      this.#settled ||
      this.#ending !== undefined ||
      this.#claiming ||
      this.#claimQueued ||
      this.#inHand.moves !== moves
    );
  }

  /** Claims at once, or, when the last claim after a look found nothing, after a pause: the two may not chase each other. */
  #claimAgainSoon(): void {
    if (this.#vainClaims++ === 0) {
      this.#claimSoon();
      return;
    }
    this.#cancelRetry ??= this.#options.clock.setTimer(() => {
      this.#cancelRetry = undefined;
      this.#claimSoon();
    }, lookPauseMs);
  }

  #endBecause(reason: RunReason, unclaimed: readonly UnclaimedTicket[] = []): void {
    this.#begin(reason, unclaimed);
    this.#settle();
  }
}
