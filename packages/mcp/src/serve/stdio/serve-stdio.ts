import { PassThrough, type Readable, type Writable } from "node:stream";
import { refuseUnknownOptions } from "@agentwerk/core";
import { StdioServerTransport, serveStdio as serveConnection } from "@modelcontextprotocol/server/stdio";
import type { McpService } from "../mcp-service.ts";
import { checkPrincipal, localPrincipal, type Principal } from "../principal.ts";
import type { Served } from "../served.ts";
import { Connection } from "./connection.ts";
import { reserveStdout } from "./reserve-stdout.ts";

export interface StdioOptions {
  /** Who the one client is; `local`, which sees all tickets, unless given. */
  readonly principal?: Principal | undefined;
  /** Standard input and output unless given. */
  readonly input?: Readable | undefined;
  readonly output?: Writable | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
}

const known: ReadonlySet<string> = new Set(["principal", "input", "output", "signal", "onError"]);

/** How long requests in hand may still be answered after the input ended. */
const lastAnswersMs = 2_000;

/**
 * Serves one client over standard input and output, until the input ends. From then on nothing else reaches standard
 * output: what the process prints goes to standard error, see {@link reserveStdout}.
 */
export function serveStdio(service: McpService, options: StdioOptions = {}): Served {
  refuseUnknownOptions(options, { known, of: "a server over standard input" });
  const { input = process.stdin, signal, onError = () => {} } = options;
  const principal = checkPrincipal(options.principal ?? localPrincipal);
  const output = options.output ?? reserveStdout();
  // The end of the input is passed on only when the last answers are out.
  const messages = new PassThrough();
  // The SDK listens anew with each message that waits; their number is bounded, and Node would warn on standard error.
  output.setMaxListeners(0);
  const ended = Promise.withResolvers<void>();
  let isOverflown = false;
  const connection = new Connection({
    transport: new StdioServerTransport(messages, output),
    output,
    onOverflow(error) {
      if (isOverflown) return;
      isOverflown = true;
      onError(error);
      input.unpipe(messages);
      ended.resolve();
    },
    describeTask: async (taskId) => service.describeTask?.(taskId, principal),
  });
  const handle = serveConnection(({ era }) => service.connect({ principal, era, isLasting: true }), {
    transport: connection,
    onerror: onError,
  });

  const onEnd = (): void => ended.resolve();
  input.pipe(messages, { end: false });
  input.once("end", onEnd).once("close", onEnd).once("error", onEnd);
  output.once("close", onEnd).once("error", onEnd);
  signal?.addEventListener("abort", onEnd, { once: true });
  if (signal?.aborted === true || input.readableEnded || input.destroyed) onEnd();

  const finish = async (): Promise<void> => {
    await ended.promise;
    service.endWaits?.();
    const timer = Promise.withResolvers<void>();
    const timeout = setTimeout(timer.resolve, lastAnswersMs);
    await Promise.race([connection.answered(), timer.promise]);
    clearTimeout(timeout);
    input.unpipe(messages);
    input.off("end", onEnd).off("close", onEnd).off("error", onEnd);
    output.off("close", onEnd);
    signal?.removeEventListener("abort", onEnd);
    input.pause();
    await handle.close();
    messages.destroy();
  };
  const closed = finish();
  return {
    closed,
    close() {
      ended.resolve();
      return closed;
    },
  };
}
