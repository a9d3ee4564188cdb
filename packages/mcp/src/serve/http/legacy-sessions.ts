import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import {
  isInitializeRequest,
  type McpServer,
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import type { McpService } from "../mcp-service.ts";
import type { Principal } from "../principal.ts";

interface Session {
  readonly id: string;
  readonly principal: Principal;
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly server: McpServer | Server;
  /** Requests and streams that are being answered. */
  open: number;
  lastUsedAt: number;
}

/** Clients of the protocol up to 2025-11-25: each has a session, which belongs to its principal. */
export class LegacySessions {
  readonly #service: McpService;
  readonly #maximum: number;
  readonly #idleMs: number;
  readonly #onError: (error: unknown) => void;
  readonly #sessions = new Map<string, Session>();
  readonly #sweep: NodeJS.Timeout;

  constructor(options: {
    readonly service: McpService;
    readonly maxSessions: number;
    readonly sessionIdleMs: number;
    readonly onError: (error: unknown) => void;
  }) {
    this.#service = options.service;
    this.#maximum = options.maxSessions;
    this.#idleMs = options.sessionIdleMs;
    this.#onError = options.onError;
    this.#sweep = setInterval(
      () => this.#endIdle(),
      Math.min(60_000, Math.max(100, this.#idleMs / 2)),
    ).unref();
  }

  async handle(
    request: Request,
    { principal, body }: { readonly principal: Principal; readonly body: unknown },
  ): Promise<Response> {
    const id = request.headers.get("mcp-session-id");
    if (id === null) {
      if (!isInitializeRequest(body))
        return refusal(400, "Mcp-Session-Id is missing; begin with initialize.");
      if (!this.#makeRoom()) return refusal(503, "Too many clients are connected; try again later.");
      return this.#answer(await this.#begin(principal), { request, body });
    }
    const session = this.#sessions.get(id);
    // Another principal's session is not there for this one, nor for the same one with other rights than it began with.
    if (session === undefined || !isDeepStrictEqual(session.principal, principal))
      return refusal(404, "There is no such session; begin with initialize.");
    return this.#answer(session, { request, body });
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    await Promise.all([...this.#sessions.values()].map((session) => this.#end(session)));
  }

  async #begin(principal: Principal): Promise<Session> {
    const server = this.#service.connect({ principal, era: "legacy", isLasting: true });
    const id = randomUUID();
    const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: () => id });
    const session: Session = { id, principal, transport, server, open: 0, lastUsedAt: Date.now() };
    await server.connect(transport);
    const { onclose } = transport;
    transport.onclose = () => {
      this.#sessions.delete(id);
      onclose?.();
    };
    transport.onerror = this.#onError;
    this.#sessions.set(id, session);
    return session;
  }

  async #answer(
    session: Session,
    { request, body }: { readonly request: Request; readonly body: unknown },
  ): Promise<Response> {
    session.lastUsedAt = Date.now();
    session.open++;
    let isOpen = true;
    const done = (): void => {
      if (!isOpen) return;
      isOpen = false;
      session.open--;
      session.lastUsedAt = Date.now();
    };
    request.signal.addEventListener("abort", done, { once: true });
    try {
      const response = await session.transport.handleRequest(
        request,
        body === undefined ? {} : { parsedBody: body },
      );
      if (response.body === null) done();
      return response.body === null ? response : new Response(whenEnded(response.body, done), response);
    } catch (error) {
      done();
      throw error;
    }
  }

  #endIdle(): void {
    const since = Date.now() - this.#idleMs;
    for (const session of this.#sessions.values()) {
      if (session.open === 0 && session.lastUsedAt < since) this.#end(session).catch(this.#onError);
    }
  }

  /**
   * Whether there is room for one more. If not, a client that is not being answered goes: of the principal that has the
   * most of them, so that none can drive out the others, the one that was silent the longest.
   */
  #makeRoom(): boolean {
    if (this.#sessions.size < this.#maximum) return true;
    const idle = [...this.#sessions.values()].filter(({ open }) => open === 0);
    const counts = new Map<string, number>();
    for (const { principal } of idle) counts.set(principal.name, (counts.get(principal.name) ?? 0) + 1);
    const most = (session: Session): number => counts.get(session.principal.name) ?? 0;
    const [oldest] = idle.sort(
      (left, right) => most(right) - most(left) || left.lastUsedAt - right.lastUsedAt,
    );
    if (oldest === undefined) return false;
    this.#end(oldest).catch(this.#onError);
    return true;
  }

  async #end({ id, server }: Session): Promise<void> {
    this.#sessions.delete(id);
    await server.close();
  }
}

function whenEnded(body: ReadableStream<Uint8Array>, onEnd: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        onEnd();
        controller.close();
      } catch (error) {
        onEnd();
        controller.error(error);
      }
    },
    async cancel(reason) {
      onEnd();
      await reader.cancel(reason);
    },
  });
}

function refusal(status: number, message: string): Response {
  return Response.json({ jsonrpc: "2.0", error: { code: -32_000, message }, id: null }, { status });
}
