import type { ServerResponse } from "node:http";

/** Requests that are still to be answered, so that a server that closes can wait for the answers. */
export class RequestsInHand {
  readonly #responses = new Set<ServerResponse>();
  #empty: PromiseWithResolvers<void> | undefined;

  /** A subscription is answered by notifications, and never done. */
  add(message: unknown, response: ServerResponse): void {
    if (isSubscription(message) || response.closed) return;
    this.#responses.add(response);
    response.once("close", () => {
      this.#responses.delete(response);
      if (this.#responses.size === 0) this.#empty?.resolve();
    });
  }

  /** Resolves when every request was answered, or the time is up. */
  async answered(maxMs: number): Promise<void> {
    if (this.#responses.size === 0) return;
    this.#empty ??= Promise.withResolvers();
    const timeout = setTimeout(this.#empty.resolve, maxMs);
    await this.#empty.promise;
    clearTimeout(timeout);
  }
}

function isSubscription(message: unknown): boolean {
  return (
    typeof message === "object" &&
    message !== null &&
    "method" in message &&
    message.method === "subscriptions/listen"
  );
}
