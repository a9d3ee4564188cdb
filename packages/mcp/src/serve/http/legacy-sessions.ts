import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import {
  isInitializeRequest,
  isJSONRPCNotification,
  isJSONRPCRequest,
  type McpServer,
  type RequestId,
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import type { McpService } from "../mcp-service.ts";
import type { Principal } from "../principal.ts";
import { boundedBody } from "./bounded-body.ts";
import type { ServedRequest } from "./served-request.ts";

interface Session {
  readonly id: string;
  readonly principal: Principal;
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly server: McpServer | Server;
  /** Requests that are being answered. */
  asked: number;
  /** Their ids: the transport would answer two of one id in the place of the second. */
  readonly ids: Set<RequestId>;
  /** Streams on which the client listens to what it did not ask for; most clients keep one open. */
  listening: number;
  lastUsedAt: number;
}

/** Clients of the protocol up to 2025-11-25: each has a session, which belongs to its principal. */
export class LegacySessions {
  readonly #service: McpService;
  readonly #maximum: number;
  readonly #maximumOfOne: number;
  readonly #idleMs: number;
  readonly #onError: (error: unknown) => void;
  readonly #sessions = new Map<string, Session>();
  readonly #sweep: NodeJS.Timeout;

  constructor(options: {
    readonly service: McpService;
    readonly maxSessions: number;
    readonly maxSessionsPerPrincipal: number;
    readonly sessionIdleMs: number;
    readonly onError: (error: unknown) => void;
  }) {
    this.#service = options.service;
    this.#maximum = options.maxSessions;
    this.#maximumOfOne = options.maxSessionsPerPrincipal;
    this.#idleMs = options.sessionIdleMs;
    this.#onError = options.onError;
    this.#sweep = setInterval(
      () => this.#endIdle(),
      Math.min(60_000, Math.max(100, this.#idleMs / 2)),
    ).unref();
  }

  async handle(request: Request, asked: ServedRequest): Promise<Response> {
    const { principal, body } = asked;
    const id = request.headers.get("mcp-session-id");
    if (id === null) {
      if (!isInitializeRequest(body))
        return refusal(400, "Mcp-Session-Id is missing; begin with initialize.");
      const full = this.#makeRoom(principal);
      if (full !== undefined) return full;
      return this.#answer(await this.#begin(principal), { request, asked });
    }
    const session = this.#sessions.get(id);
    // Another principal's session is not there for this one, nor for the same one with other rights than it began with.
    if (session === undefined || !isDeepStrictEqual(session.principal, principal))
      return refusal(404, "There is no such session; begin with initialize.");
    return this.#answer(session, { request, asked });
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    await Promise.all([...this.#sessions.values()].map((session) => this.#end(session)));
  }

  async #begin(principal: Principal): Promise<Session> {
    const server = this.#service.connect({ principal, era: "legacy", isLasting: true });
    const id = randomUUID();
    const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: () => id });
    const session: Session = {
      id,
      principal,
      transport,
      server,
      asked: 0,
      ids: new Set(),
      listening: 0,
      lastUsedAt: Date.now(),
    };
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
    { request, asked }: { readonly request: Request; readonly asked: ServedRequest },
  ): Promise<Response> {
    const { body, drop } = asked;
    const what = request.method === "GET" ? "listening" : "asked";
    session.lastUsedAt = Date.now();
    const id = isJSONRPCRequest(body) ? body.id : undefined;
    if (id !== undefined && session.ids.has(id))
      return refusal(
        400,
        `The request with the id ${id} is still to be answered; give each an id of its own.`,
      );
    if (id !== undefined) session.ids.add(id);
    session[what]++;
    let isOpen = true;
    const done = (): void => {
      if (!isOpen) return;
      isOpen = false;
      session[what]--;
      if (id !== undefined) session.ids.delete(id);
      session.lastUsedAt = Date.now();
    };
    request.signal.addEventListener("abort", done, { once: true });
    try {
      const response = await session.transport.handleRequest(
        request,
        body === undefined ? {} : { parsedBody: body },
      );
      const cancelled = cancelledId(body);
      // The SDK answers it no more, and leaves its stream open.
      if (cancelled !== undefined) session.transport.closeSSEStream(cancelled);
      if (response.body === null) done();
      return response.body === null
        ? response
        : new Response(boundedBody(response.body, { onEnd: done, onOverflow: drop }), response);
    } catch (error) {
      done();
      throw error;
    }
  }

  #endIdle(): void {
    const since = Date.now() - this.#idleMs;
    for (const session of this.#sessions.values()) {
      if (isSilent(session) && session.lastUsedAt < since) this.#end(session).catch(this.#onError);
    }
  }

  /** The refusal when there is no room for one more. */
  #makeRoom({ name }: Principal): Response | undefined {
    const own = [...this.#sessions.values()].filter(({ principal }) => principal.name === name);
    if (own.length >= this.#maximumOfOne) {
      if (this.#endFirst(own.filter(({ asked }) => asked === 0).sort(bySilence))) return undefined;
      return refusal(
        429,
        `${name} has ${own.length} sessions, the most that one may have, and all are being answered. End one by DELETE with its Mcp-Session-Id, or try again when one has been answered.`,
      );
    }
    if (this.#sessions.size < this.#maximum || this.#endFirst(this.#silentOfMost())) return undefined;
    return refusal(
      503,
      `${this.#sessions.size} clients are connected, the most that this server takes, and all are in use. Try again later.`,
    );
  }

  /** Those in no use, first of the principal that has the most of them: so none can drive out the others. */
  #silentOfMost(): readonly Session[] {
    const silent = [...this.#sessions.values()].filter(isSilent);
    const counts = new Map<string, number>();
    for (const { principal } of silent) counts.set(principal.name, (counts.get(principal.name) ?? 0) + 1);
    const most = (session: Session): number => counts.get(session.principal.name) ?? 0;
    return silent.sort((left, right) => most(right) - most(left) || left.lastUsedAt - right.lastUsedAt);
  }

  #endFirst([session]: readonly Session[]): boolean {
    if (session === undefined) return false;
    this.#end(session).catch(this.#onError);
    return true;
  }

  async #end({ id, server }: Session): Promise<void> {
    this.#sessions.delete(id);
    await server.close();
  }
}

function cancelledId(body: unknown): RequestId | undefined {
  if (!isJSONRPCNotification(body) || body.method !== "notifications/cancelled") return undefined;
  const id = body.params?.requestId;
  return typeof id === "string" || typeof id === "number" ? id : undefined;
}

function isSilent({ asked, listening }: Session): boolean {
  return asked === 0 && listening === 0;
}

/** Those whose client does not even listen first, then by when they were last used. */
function bySilence(left: Session, right: Session): number {
  return left.listening - right.listening || left.lastUsedAt - right.lastUsedAt;
}

function refusal(status: number, message: string): Response {
  return Response.json({ jsonrpc: "2.0", error: { code: -32_000, message }, id: null }, { status });
}
