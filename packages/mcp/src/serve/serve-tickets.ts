import type { Knowledge, TicketSystem } from "@agentwerk/core";
import type { HttpOptions } from "./http/http-options.ts";
import type { ServedOverHttp } from "./http/serve-http.ts";
import type { McpService } from "./mcp-service.ts";
import type { Profile } from "./profile.ts";
import type { Served } from "./served.ts";
import type { StdioOptions } from "./stdio/serve-stdio.ts";
import { workBeside } from "./work-beside.ts";

interface SharedOptions {
  /** How much clients get: `read`, `file` or `work`; `file` unless given. */
  readonly profile?: Profile | undefined;
  /** What agents learned, for clients to search and read. */
  readonly knowledge?: Knowledge | undefined;
  /**
   * Whose approvals of calls count. A client that declares elicitation has its person asked by the server in any case.
   * `trusted`, the default: others are believed to have asked. `asked`: others approve nothing.
   */
  readonly approvals?: "trusted" | "asked" | undefined;
  /** Lets the system's agents work tickets in this process while it serves. */
  readonly work?: boolean | undefined;
}

export interface ServeStdioOptions extends SharedOptions, StdioOptions {
  readonly transport?: "stdio" | undefined;
}

export interface ServeHttpOptions extends SharedOptions, HttpOptions {
  readonly transport: "http";
}

/**
 * Serves the tickets of a system over MCP: to the one client at standard input and output, or to many over HTTP. The
 * system stays the caller's to close, after `closed`.
 * @throws AgentwerkError `invalid_input` for options that do not exist or do not fit.
 */
export function serveTickets(tickets: TicketSystem, options: ServeHttpOptions): Promise<ServedOverHttp>;
export function serveTickets(tickets: TicketSystem, options?: ServeStdioOptions): Promise<Served>;
export async function serveTickets(
  tickets: TicketSystem,
  options: ServeStdioOptions | ServeHttpOptions = {},
): Promise<Served | ServedOverHttp> {
  const { profile, knowledge, approvals, work = false, onError } = options;
  // Loaded only here: who mounts servers, and serves none, waits for nothing of it.
  const { ticketService } = await import("./ticket-service.ts");
  const service = ticketService(tickets, { profile, knowledge, approvals, works: work, onError });
  const served = await start(service, options).catch(async (error: unknown) => {
    await service.close();
    throw error;
  });
  const working = work ? workBeside(tickets, { onError }) : undefined;
  const closed = served.closed.then(async () => {
    await service.close();
    await working?.stop();
  });
  return {
    ...served,
    closed,
    async close() {
      await served.close();
      await closed;
    },
  };
}

async function start(
  service: McpService,
  options: ServeStdioOptions | ServeHttpOptions,
): Promise<Served | ServedOverHttp> {
  if (options.transport === "http") {
    const { serveHttp } = await import("./http/serve-http.ts");
    return serveHttp(service, ownOptions(options));
  }
  const { serveStdio } = await import("./stdio/serve-stdio.ts");
  return serveStdio(service, ownOptions(options));
}

/** What the transport takes of the options. */
function ownOptions<Options extends SharedOptions & { readonly transport?: unknown }>(
  options: Options,
): Omit<Options, keyof SharedOptions | "transport"> {
  const { profile: _, knowledge: __, approvals: ___, work: ____, transport: _____, ...own } = options;
  return own;
}
