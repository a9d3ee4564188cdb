import { toErrorMessage } from "../errors/to-error-message.ts";
import type { AgentwerkEvent, EventType } from "./event.ts";

export type EventOfType<Type extends EventType> = Extract<AgentwerkEvent, { readonly type: Type }>;
/** May be asynchronous; nobody waits for what it returns. */
export type EventHandler<Type extends EventType> = (event: EventOfType<Type>) => unknown;

/** Hands events to those who listen, in order. A handler that throws is reported and harms nobody. */
export class EventHub {
  readonly #handlers = new Map<EventType, Set<(event: AgentwerkEvent) => unknown>>();
  readonly #streams = new Set<(event: AgentwerkEvent) => void>();
  readonly #report: (message: string) => void;

  constructor(
    report: (message: string) => void = (message) => process.emitWarning(message, "AgentwerkWarning"),
  ) {
    this.#report = report;
  }

  /** Calls `handler` for each event of a type; the returned function takes it back. */
  on<Type extends EventType>(type: Type, handler: EventHandler<Type>): () => void {
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers);
    const entry = (event: AgentwerkEvent): unknown => handler(event as EventOfType<Type>);
    handlers.add(entry);
    return () => handlers.delete(entry);
  }

  listens(type: EventType): boolean {
    return this.#streams.size > 0 || (this.#handlers.get(type)?.size ?? 0) > 0;
  }

  dispatch(event: AgentwerkEvent): void {
    const handlers = this.#handlers.get(event.type);
    if (handlers !== undefined) for (const handler of handlers) this.#call(handler, event);
    for (const push of this.#streams) push(event);
  }

  /** All events from the call on, buffered for a slow reader, until the signal aborts or the reader leaves. */
  events(options: { readonly signal?: AbortSignal | undefined } = {}): AsyncGenerator<AgentwerkEvent, void> {
    const { signal } = options;
    const stream = { buffer: [] as AgentwerkEvent[], wake: (): void => {} };
    const push = (event: AgentwerkEvent): void => {
      stream.buffer.push(event);
      stream.wake();
    };
    const onAbort = (): void => stream.wake();
    const ended = (): boolean => signal?.aborted === true;
    if (!ended()) this.#streams.add(push);
    signal?.addEventListener("abort", onAbort, { once: true });
    const leave = (): void => {
      this.#streams.delete(push);
      signal?.removeEventListener("abort", onAbort);
    };
    return read({ stream, ended, leave });
  }

  #call(handler: (event: AgentwerkEvent) => unknown, event: AgentwerkEvent): void {
    try {
      const returned = handler(event);
      if (returned instanceof Promise) returned.catch((error: unknown) => this.#reportFailure(event, error));
    } catch (error) {
      this.#reportFailure(event, error);
    }
  }

  #reportFailure(event: AgentwerkEvent, error: unknown): void {
    this.#report(`A handler of ${event.type} failed: ${toErrorMessage(error)}`);
  }
}

async function* read(options: {
  readonly stream: { readonly buffer: AgentwerkEvent[]; wake: () => void };
  readonly ended: () => boolean;
  readonly leave: () => void;
}): AsyncGenerator<AgentwerkEvent, void> {
  const { stream, ended, leave } = options;
  try {
    while (!ended()) {
      yield* stream.buffer.splice(0);
      if (stream.buffer.length > 0 || ended()) continue;
      await new Promise<void>((resolve) => {
        stream.wake = resolve;
      });
    }
  } finally {
    leave();
  }
}
