import type { McpServer, Server, ServerEventBus } from "@modelcontextprotocol/server";
import type { Principal } from "./principal.ts";

/** What a transport asks for: who is there, and how long the server lives. */
export interface ServedConnection {
  readonly principal: Principal;
  /** `legacy`: up to 2025-11-25, with a handshake. `modern`: from 2026-07-28, each request on its own. */
  readonly era: "legacy" | "modern";
  /** Whether the server outlives one request, and so may tell of changes by itself. */
  readonly isLasting: boolean;
}

/** Something to serve over MCP, by whichever transport. */
export interface McpService {
  /** A fresh server; the transport connects and closes it. */
  connect(connection: ServedConnection): McpServer | Server;
  /** What changes, for the subscriptions of a principal over HTTP in the modern era. */
  changes?(principal: Principal): ServerEventBus;
  /** A task as its notifications carry it; for subscriptions that name tasks. */
  describeTask?(taskId: string, principal: Principal): Promise<object | undefined>;
  /** The server is about to close: calls that wait are answered with what is known. */
  endWaits?(): void;
  close(): Promise<void>;
}
