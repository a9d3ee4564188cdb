import type { RecordedRequest, RequestRecord } from "./recorded-request.ts";

/** Keeps the newest requests and wakes who waits for one. */
export class RequestLog {
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();
  #records: RequestRecord[] = [];
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get count(): number {
    return this.#count;
  }

  get records(): readonly RecordedRequest[] {
    return this.#records.slice(-this.#limit);
  }

  nextNumber(): number {
    this.#count += 1;
    return this.#count;
  }

  add(record: RequestRecord): void {
    this.#records.push(record);
    // Cut only when twice too long, so that keeping a thousand costs nothing per request.
    if (this.#records.length > 2 * this.#limit) this.#records = this.#records.slice(-this.#limit);
    for (const wake of this.#waiting) wake();
  }

  clear(): void {
    this.#records = [];
    this.#count = 0;
  }

  /** Resolves once `count` requests have come in; rejects with the signal's reason. */
  received(count: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const finish = (): void => {
        signal?.removeEventListener("abort", onAbort);
        this.#waiting.delete(check);
      };
      const check = (): void => {
        if (this.#count < count) return;
        finish();
        resolve();
      };
      const onAbort = (): void => {
        finish();
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.add(check);
      check();
    });
  }
}
