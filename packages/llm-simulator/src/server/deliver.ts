import type { ServerResponse } from "node:http";
import type { FaultOptions } from "../fault/fault.ts";
import type { StreamEvent } from "../wire-format.ts";

export interface DeliverOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Before the first byte. */
  readonly latencyMs: number;
  /** Everything at once when `undefined`. */
  readonly tokensPerSecond: number | undefined;
  /** Of stage `delivery`. */
  readonly fault: FaultOptions | undefined;
}

/** Sends a reply as server-sent events, at the model's pace. Resolves when all is sent or the client is gone. */
export async function deliverStream(
  response: ServerResponse,
  events: readonly StreamEvent[],
  options: DeliverOptions & { readonly failureEvent: () => string },
): Promise<void> {
  await waitForFirstByte(response, options);
  if (response.destroyed) return;
  response.writeHead(200, { ...options.headers, "content-type": "text/event-stream; charset=utf-8" });
  const { fault } = options;
  const limit = eventLimit(fault, events.length);
  const sent = limit === undefined ? events : events.slice(0, limit);
  if (options.tokensPerSecond === undefined) {
    const text = joinEvents(sent);
    if (limit === undefined) response.end(text);
    else response.write(text);
  } else {
    await writePaced(response, sent, options.tokensPerSecond);
    if (limit === undefined) response.end();
  }
  if (fault === undefined || limit === undefined || response.destroyed) return;
  breakOff(
    response,
    fault,
    fault.kind === "body_malformed" ? 'data: {"id":"chatcm\n\n' : options.failureEvent(),
  );
}

/** Sends a reply as one JSON body. */
export async function deliverBody(
  response: ServerResponse,
  body: string,
  options: DeliverOptions & { readonly outputTokens: number },
): Promise<void> {
  await waitForFirstByte(response, options);
  if (options.tokensPerSecond !== undefined) {
    await pause(response, (options.outputTokens / options.tokensPerSecond) * 1000);
  }
  if (response.destroyed) return;
  const { fault } = options;
  const headers = { ...options.headers, "content-type": "application/json" };
  const half = body.slice(0, body.length / 2);
  if (fault?.kind === "body_malformed" || fault?.kind === "stream_ended_early") {
    response.writeHead(200, headers);
    response.end(half);
    return;
  }
  response.writeHead(200, { ...headers, "content-length": Buffer.byteLength(body) });
  if (fault === undefined || fault.kind === "slow_first_byte") {
    response.end(body);
    return;
  }
  response.write(half);
  breakOff(response, fault, "");
}

async function waitForFirstByte(response: ServerResponse, options: DeliverOptions): Promise<void> {
  const { fault, latencyMs } = options;
  const delayMs = fault?.kind === "slow_first_byte" ? (fault.delayMs ?? 60_000) : latencyMs;
  if (delayMs > 0) await pause(response, delayMs);
}

/** How many events go out before the fault strikes; `undefined` when none does. */
function eventLimit(fault: FaultOptions | undefined, count: number): number | undefined {
  if (fault === undefined || fault.kind === "slow_first_byte") return undefined;
  const asked = "afterEvents" in fault ? fault.afterEvents : undefined;
  return Math.min(asked ?? Math.floor(count / 2), count);
}

/** What has been written goes out first: the end comes from the callback of one more write. */
function breakOff(response: ServerResponse, fault: FaultOptions, lastWords: string): void {
  switch (fault.kind) {
    case "stream_stalled":
      // Silent until the client gives up or the simulator closes.
      return;
    case "stream_cut":
      response.socket?.write("", () => response.destroy());
      return;
    case "stream_ended_early":
      response.end();
      return;
    default:
      response.end(lastWords);
  }
}

async function writePaced(
  response: ServerResponse,
  events: readonly StreamEvent[],
  tokensPerSecond: number,
): Promise<void> {
  const start = performance.now();
  let dueMs = 0;
  for (const event of events) {
    dueMs += (event.tokens / tokensPerSecond) * 1000;
    const waitMs = start + dueMs - performance.now();
    // Timers have whole milliseconds; what is due within one goes out together.
    if (waitMs >= 1) await pause(response, waitMs);
    if (response.destroyed) return;
    response.write(event.text);
  }
}

function joinEvents(events: readonly StreamEvent[]): string {
  let text = "";
  for (const event of events) text += event.text;
  return text;
}

/** Ends early when the client goes away. */
function pause(response: ServerResponse, delayMs: number): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      response.off("close", finish);
      resolve();
    };
    const timer = setTimeout(finish, delayMs);
    response.on("close", finish);
  });
}
