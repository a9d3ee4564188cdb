/** Ends a request when its caller gives up or when the server is silent for too long. */
export interface RequestWatch {
  /** For the SDK; aborts for either reason. */
  readonly signal: AbortSignal;
  /** The limit in milliseconds that ran out, once it has. */
  readonly expiredMs: number | undefined;
  /** Something arrived: from now on the idle limit counts. */
  touch(): void;
  /** Must be called at the end, or timer and listener stay behind. */
  stop(): void;
}

export interface RequestWatchOptions {
  readonly signal: AbortSignal | undefined;
  readonly firstByteMs: number;
  readonly idleMs: number;
}

export function watchRequest({ signal, firstByteMs, idleMs }: RequestWatchOptions): RequestWatch {
  const controller = new AbortController();
  let limitMs = firstByteMs;
  let expiredMs: number | undefined;
  const expire = (): void => {
    expiredMs = limitMs;
    controller.abort();
  };
  let timer = setTimeout(expire, limitMs);
  const onAbort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    get expiredMs() {
      return expiredMs;
    },
    touch() {
      if (limitMs === idleMs) {
        timer.refresh();
        return;
      }
      clearTimeout(timer);
      limitMs = idleMs;
      timer = setTimeout(expire, limitMs);
    },
    stop() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    },
  };
}
