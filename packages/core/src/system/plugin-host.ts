import type { EventType } from "../event/event.ts";
import type { EventHandler, EventHub } from "../event/event-hub.ts";
import type { Plugin } from "../plugin/plugin.ts";

/** Opens a system's plugins before its first run. */
export class PluginHost {
  readonly #plugins: readonly Plugin[];
  readonly #ended: AbortSignal;
  #opened: Promise<void> | undefined;

  /** `ended` aborts what is being opened when the system is closed. */
  constructor(options: { readonly plugins: readonly Plugin[]; readonly ended: AbortSignal }) {
    this.#plugins = options.plugins;
    this.#ended = options.ended;
  }

  subscribe(events: EventHub): void {
    for (const { on = {} } of this.#plugins) {
      for (const [type, handler] of Object.entries(on)) {
        if (handler !== undefined) events.on(type as EventType, handler as EventHandler<EventType>);
      }
    }
  }

  /** Once for all runs; after a failure the next run tries again. */
  open(signal: AbortSignal | undefined): Promise<void> {
    const opening = signal === undefined ? this.#ended : AbortSignal.any([signal, this.#ended]);
    this.#opened ??= (async () => {
      for (const { open } of this.#plugins) await open?.({ signal: opening });
    })().catch((reason: unknown) => {
      this.#opened = undefined;
      throw reason;
    });
    return this.#opened;
  }
}
