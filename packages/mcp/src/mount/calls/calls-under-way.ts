import type {
  CreateMessageRequestParams,
  CreateMessageResult,
  ElicitRequestParams,
  ElicitResult,
} from "@modelcontextprotocol/client";

/** One call that is under way, as the requests of the server inside it see it. */
export interface CallScope {
  /** Answers from what a person said, or ends the call so that one can be asked. */
  elicit(params: ElicitRequestParams): Promise<ElicitResult>;
  /** Asks the agent's model. */
  sample(params: CreateMessageRequestParams): Promise<CreateMessageResult>;
  /** The server asked something, and it cannot be told which of several calls it was for. */
  confuse(): void;
}

/**
 * The calls that are under way on one connection. Before 2026-07-28 a server asks in the middle of a call without
 * saying of which: with one call under way it is clear; with several it is not, so from then on calls to the server go
 * one at a time.
 */
export class CallsUnderWay {
  readonly #scopes = new Set<CallScope>();
  #isAlone = false;
  #turn: Promise<void> = Promise.resolve();

  /** Runs a call so that what the server asks meanwhile reaches it. */
  async run<Result>(scope: CallScope, call: () => Promise<Result>): Promise<Result> {
    if (!this.#isAlone) return await this.#track(scope, call);
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    await before;
    try {
      return await this.#track(scope, call);
    } finally {
      resolve();
    }
  }

  /** The call that a request of the server is for; undefined when there is none or it cannot be told. */
  find(): CallScope | undefined {
    if (this.#scopes.size === 1) return [...this.#scopes][0];
    if (this.#scopes.size === 0) return undefined;
    this.#isAlone = true;
    for (const scope of this.#scopes) scope.confuse();
    return undefined;
  }

  async #track<Result>(scope: CallScope, call: () => Promise<Result>): Promise<Result> {
    this.#scopes.add(scope);
    try {
      return await call();
    } finally {
      this.#scopes.delete(scope);
    }
  }
}
