import { LeaseLostError } from "../errors/lease-lost-error.ts";
import type { Lease, TicketStore } from "../store/ticket-store.ts";
import type { TicketKey } from "../ticket/ticket-key.ts";
import type { Clock } from "../util/clock.ts";

interface Held {
  readonly lease: Lease;
  readonly controller: AbortController;
}

/** Least milliseconds between two checks that writes of other processes cause. */
const remotePauseMs = 250;

/**
 * Renews all leases of a process together, each third of their time, and aborts the work on those that were lost:
 * taken over after a stall, or ended by a cancel in another process.
 */
export class LeaseKeeper {
  readonly #store: TicketStore;
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #held = new Map<TicketKey, Held>();
  #cancelTimer: (() => void) | undefined;
  #cancelCheck: (() => void) | undefined;
  #renewal: Promise<void> | undefined;
  #checkedAt = 0;
  /** Every lease that is held was taken or renewed after this. */
  #goodAt = 0;

  constructor(options: { readonly store: TicketStore; readonly clock: Clock; readonly leaseMs: number }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#leaseMs = options.leaseMs;
  }

  /** An earlier lease on the same ticket is lost by it. */
  hold(lease: Lease, controller: AbortController): void {
    this.lose(lease.key);
    if (this.#held.size === 0) this.#goodAt = this.#clock.now();
    this.#held.set(lease.key, { lease, controller });
    this.#cancelTimer ??= this.#clock.setTimer(() => this.#tick(), this.#leaseMs / 3);
  }

  drop(lease: Lease): void {
    if (this.#held.get(lease.key)?.lease === lease) this.#held.delete(lease.key);
    if (this.#held.size > 0) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#cancelCheck?.();
    this.#cancelCheck = undefined;
  }

  /** Ends the work on a ticket that is no longer ours. */
  lose(key: TicketKey): void {
    this.#held.get(key)?.controller.abort(new LeaseLostError(key));
  }

  /**
   * Renews first if leases may have run out: the process was held up, or its machine slept. Otherwise its own claim would
   * take its tickets for those of a worker that vanished, and what they reserved for spent.
   */
  async catchUp(): Promise<void> {
    const isLate = this.#clock.now() - this.#goodAt > (this.#leaseMs * 2) / 3;
    if (isLate && this.#held.size > 0) await this.#renew();
  }

  /** Another process wrote: one of our tickets may have been cancelled. */
  checkSoon(): void {
    if (this.#held.size === 0 || this.#cancelCheck !== undefined) return;
    // No longer than the pause, also when the wall clock was set back.
    const waitMs = Math.min(remotePauseMs, this.#checkedAt + remotePauseMs - this.#clock.now());
    if (waitMs <= 0) {
      void this.#renew();
      return;
    }
    this.#cancelCheck = this.#clock.setTimer(() => {
      this.#cancelCheck = undefined;
      void this.#renew();
    }, waitMs);
  }

  #tick(): void {
    this.#cancelTimer = undefined;
    if (this.#held.size === 0) return;
    this.#cancelTimer = this.#clock.setTimer(() => this.#tick(), this.#leaseMs / 3);
    void this.#renew();
  }

  #renew(): Promise<void> {
    this.#renewal ??= this.#renewNow().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renewNow(): Promise<void> {
    const startedAt = this.#clock.now();
    this.#checkedAt = startedAt;
    const held = [...this.#held.values()];
    try {
      const lost = await this.#store.renew(
        held.map(({ lease }) => lease),
        this.#leaseMs,
      );
      this.#goodAt = startedAt;
      const keys = new Set(lost);
      for (const { lease, controller } of held) {
        // What was let go of meanwhile is not lost.
        const current = this.#held.get(lease.key)?.lease === lease;
        if (current && keys.has(lease.key)) controller.abort(new LeaseLostError(lease.key));
      }
    } catch {
      // The store is busy or gone: the next tick tries again, and a commit in between says what is wrong.
    }
  }
}
