import { AgentwerkError, isFinal, type Ticket, type TicketKey } from "@agentwerk/core";
import { progressPauseMs } from "../limits.ts";
import type { TicketAccess } from "./ticket-access.ts";
import type { TicketWatch } from "./ticket-watch.ts";

export interface WaitOptions {
  readonly access: TicketAccess;
  readonly watch: TicketWatch;
  readonly keys: readonly TicketKey[];
  /** For the first ticket to settle, or for each of them. */
  readonly until: "any" | "all";
  readonly waitMs: number;
  /** Ends the wait: nobody is there for an answer. */
  readonly signal: AbortSignal;
  /** Ends the wait as if its time were up: the server is about to close. */
  readonly closing: AbortSignal;
  /** Told now and then, and when a ticket changes. */
  readonly onProgress: (progress: WaitProgress) => void;
}

export interface WaitProgress {
  readonly elapsedMs: number;
  readonly tickets: readonly Ticket[];
}

export interface WaitResult {
  readonly tickets: readonly Ticket[];
  /** Whether what was waited for came; otherwise the time was up. */
  readonly settled: boolean;
  /** Whether the server closes, and waits no longer. */
  readonly closing: boolean;
}

/** Whether there is nothing to wait for: the ticket ended, or a person has to do something. */
export function isSettled({ status, waiting }: Ticket): boolean {
  return isFinal(status) || waiting?.for === "reply" || waiting?.for === "approval";
}

/** Waits until tickets settle, at most so long; whichever process works them. */
export async function waitForTickets(options: WaitOptions): Promise<WaitResult> {
  const { access, watch, keys, until, waitMs, signal, closing, onProgress } = options;
  const startedAt = performance.now();
  const ended = Promise.withResolvers<void>();
  // The client may go while the first look is still under way, before anybody awaits the end.
  ended.promise.catch(() => {});
  let tickets: readonly Ticket[] = [];
  let isStale = false;
  let looking: Promise<void> | undefined;
  const isOver = (): boolean => (until === "any" ? tickets.some(isSettled) : tickets.every(isSettled));
  const tell = (): void => onProgress({ elapsedMs: performance.now() - startedAt, tickets });

  const lookAll = async (): Promise<void> => {
    while (isStale) {
      isStale = false;
      tickets = await access.getAll(keys);
      if (isOver()) return ended.resolve();
      tell();
    }
  };
  /** Resolves once the tickets are known as they are now, or later. */
  const look = (): Promise<void> => {
    isStale = true;
    looking ??= lookAll()
      .catch((error: unknown) => ended.reject(error))
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const onAbort = (): void => ended.reject(abandoned());
  const onClosing = (): void => ended.resolve();

  // First observe, then look: nothing that happens between the two is missed.
  const stop = await watch.observe((changes) => {
    if (keys.some((key) => changes.has(key))) void look();
  });
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  closing.addEventListener("abort", onClosing, { once: true });
  if (closing.aborted) onClosing();
  const progress = setInterval(tell, progressPauseMs);
  let timer: NodeJS.Timeout | undefined;
  try {
    // However short the wait: what it says about the tickets is true.
    await look();
    timer = setTimeout(() => ended.resolve(), Math.max(0, waitMs - (performance.now() - startedAt)));
    await ended.promise;
    return { tickets, settled: isOver(), closing: closing.aborted };
  } finally {
    stop();
    clearTimeout(timer);
    clearInterval(progress);
    signal.removeEventListener("abort", onAbort);
    closing.removeEventListener("abort", onClosing);
  }
}

function abandoned(): AgentwerkError {
  return new AgentwerkError({ code: "aborted", message: "The client no longer waits." });
}
