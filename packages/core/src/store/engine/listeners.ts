import type { StoreNotice } from "../ticket-store.ts";

type Listener = (notice: StoreNotice) => void;

/** Who watches a store. Notices reach every listener in the order of the transactions, also when a listener writes. */
export class Listeners {
  readonly #removals: Map<Listener, () => void> = new Map();
  readonly #onFirst: () => void;
  readonly #onLast: () => void;
  readonly #waiting: StoreNotice[] = [];
  #isTelling = false;

  /** The two callbacks frame the time in which anybody watches. */
  constructor(options: { onFirst?: () => void; onLast?: () => void } = {}) {
    this.#onFirst = options.onFirst ?? (() => undefined);
    this.#onLast = options.onLast ?? (() => undefined);
  }

  get isEmpty(): boolean {
    return this.#removals.size === 0;
  }

  add(listener: Listener, signal?: AbortSignal): void {
    if (signal?.aborted === true) return;
    const entry: Listener = (notice) => listener(notice);
    const remove = (): void => this.#remove(entry);
    signal?.addEventListener("abort", remove, { once: true });
    this.#removals.set(entry, () => signal?.removeEventListener("abort", remove));
    if (this.#removals.size === 1) this.#onFirst();
  }

  tell(notice: StoreNotice): void {
    if (this.isEmpty) return;
    this.#waiting.push(notice);
    if (this.#isTelling) return;
    this.#isTelling = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
      this.#tellAll(next);
    this.#isTelling = false;
  }

  clear(): void {
    for (const listener of [...this.#removals.keys()]) this.#remove(listener);
  }

  #tellAll(notice: StoreNotice): void {
    for (const listener of [...this.#removals.keys()]) {
      try {
        listener(notice);
      } catch (error) {
        process.emitWarning(`A store listener threw: ${String(error)}`, "AgentwerkWarning");
      }
    }
  }

  #remove(listener: Listener): void {
    const removal = this.#removals.get(listener);
    if (removal === undefined) return;
    this.#removals.delete(listener);
    removal();
    if (this.#removals.size === 0) this.#onLast();
  }
}
