import type { AgentwerkEvent, EventType } from "../event/event.ts";

interface EventSource {
  events(options: { readonly signal?: AbortSignal }): AsyncIterable<AgentwerkEvent>;
}

export interface EventRecorder extends Disposable {
  /** All so far, in order. */
  readonly events: readonly AgentwerkEvent[];
  of<Type extends EventType>(type: Type): readonly Extract<AgentwerkEvent, { readonly type: Type }>[];
  types(): readonly EventType[];
}

/** Keeps what a ticket system says from now on, until it is disposed of. Listening to all events makes models stream. */
export function recordEvents(source: EventSource): EventRecorder {
  const events: AgentwerkEvent[] = [];
  const controller = new AbortController();
  void (async () => {
    for await (const event of source.events({ signal: controller.signal })) events.push(event);
  })();
  return {
    events,
    of<Type extends EventType>(type: Type) {
      return events.filter(
        (event): event is Extract<AgentwerkEvent, { readonly type: Type }> => event.type === type,
      );
    },
    types: () => events.map(({ type }) => type),
    [Symbol.dispose]: () => controller.abort(),
  };
}
