import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type NodeMcpRequestHandler, toNodeHandler } from "@modelcontextprotocol/node";
import { isLegacyRequest, validateHostHeader, validateOriginHeader } from "@modelcontextprotocol/server";
import type { McpService } from "../mcp-service.ts";
import type { Principal } from "../principal.ts";
import type { Served } from "../served.ts";
import { type Authenticator, authenticator } from "./authenticator.ts";
import { checkHttpOptions, type HttpOptions, type HttpSettings } from "./http-options.ts";
import { LegacySessions } from "./legacy-sessions.ts";
import { listenError } from "./listen-error.ts";
import { ModernHandlers } from "./modern-handlers.ts";
import { readBody } from "./read-body.ts";
import { refuse } from "./refuse.ts";
import { RequestsInHand } from "./requests-in-hand.ts";
import type { ServedRequest } from "./served-request.ts";

export interface ServedOverHttp extends Served {
  readonly url: string;
}

/** How long answers in hand may take once the server closes. */
const lastAnswersMs = 2_000;
const methods: ReadonlySet<string> = new Set(["GET", "POST", "DELETE"]);

/**
 * Serves any number of clients over Streamable HTTP, of both eras of the protocol. Who has no token is refused, and so
 * is who calls by a foreign name or from a foreign page.
 * @throws AgentwerkError `invalid_input` for options that do not fit, `conflict` when something else listens at the port.
 */
export async function serveHttp(service: McpService, options: HttpOptions = {}): Promise<ServedOverHttp> {
  const settings = checkHttpOptions(options);
  const { signal, onError = () => {} } = options;
  const authenticate = await authenticator(options);
  const sessions = new LegacySessions({ service, ...settings, onError });
  const handlers = new ModernHandlers({ service, onError });
  const inHand = new RequestsInHand();
  const route = async (request: Request, asked: ServedRequest): Promise<Response> =>
    (await isLegacyRequest(request, asked.body))
      ? sessions.handle(request, asked)
      : handlers.handle(request, asked);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const principal = await admit(request, { response, settings, authenticate });
    if (principal === undefined) return;
    let body: unknown;
    if (request.method === "POST") {
      const read = await readBody(request, settings.maxBodyBytes);
      if (!read.ok) return refuse(response, read);
      if (Array.isArray(read.json))
        return refuse(response, {
          status: 400,
          code: -32_600,
          message: "Batches are not served; send each message alone.",
        });
      body = read.json;
      inHand.add(body, response);
    }
    const drop = (error: Error): void => {
      onError(error);
      response.destroy();
    };
    const fetch = async (web: Request): Promise<Response> => {
      const answered = await route(web, { principal, body, drop });
      // The adapter's head would go out with the first message only: who opens a stream would not know that it is open.
      if (isStream(answered))
        setImmediate(() => response.headersSent && !response.writableEnded && response.flushHeaders());
      return answered;
    };
    const handler = toNodeHandler({ fetch }, { onerror: onError });
    await handler(toIncoming(request), response, body);
  };

  let closing: Promise<void> | undefined;
  const server = createServer(
    {
      requestTimeout: settings.requestTimeoutMs,
      headersTimeout: Math.min(10_000, settings.requestTimeoutMs),
      connectionsCheckingInterval: Math.min(1_000, settings.requestTimeoutMs),
      // Longer than clients keep connections that they do not use: none is closed while a request is on its way to it.
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16_384,
    },
    (request, response) => {
      if (closing !== undefined)
        return refuse(response, { status: 503, message: "The server closes; try again when it is back." });
      answer(request, response).catch((error: unknown) => {
        // A client that broke off in the middle of its request needs no answer.
        if (request.destroyed || response.headersSent) return void response.destroy();
        onError(error);
        refuse(response, { status: 500, code: -32_603, message: "Internal error." });
      });
    },
  );
  const url = await listen(server, settings).catch(async (error: unknown) => {
    await sessions.close();
    throw error;
  });

  const closed = Promise.withResolvers<void>();
  const end = async (): Promise<void> => {
    const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
    // Whose stream just ends does not learn of it: clients would wait for their own time to be up.
    service.endWaits?.();
    await inHand.answered(lastAnswersMs);
    await Promise.all([sessions.close(), handlers.close()]);
    // A connection whose last answer is out is idle from then on, and would be kept for the next request.
    const idle = setInterval(() => server.closeIdleConnections(), 20);
    const timeout = setTimeout(() => server.closeAllConnections(), lastAnswersMs);
    await stopped;
    clearInterval(idle);
    clearTimeout(timeout);
    signal?.removeEventListener("abort", close);
    closed.resolve();
  };
  const close = (): Promise<void> => {
    closing ??= end();
    return closing;
  };
  signal?.addEventListener("abort", close, { once: true });
  if (signal?.aborted === true) await close();
  return { url, closed: closed.promise, close };
}

/** Who asks; `undefined` when the request was refused. Nothing of it is read before it passed. */
async function admit(
  request: IncomingMessage,
  options: {
    readonly response: ServerResponse;
    readonly settings: HttpSettings;
    readonly authenticate: Authenticator;
  },
): Promise<Principal | undefined> {
  const { response, settings, authenticate } = options;
  const { headers, method = "GET", url = "/" } = request;
  const host = validateHostHeader(headers.host, [...settings.allowedHosts]);
  if (!host.ok)
    return void refuse(response, {
      status: 403,
      message: `${host.message}; allowedHosts says which are served.`,
    });
  const origin = validateOriginHeader(headers.origin, [...settings.allowedOrigins]);
  if (!origin.ok)
    return void refuse(response, {
      status: 403,
      message: `${origin.message}; allowedOrigins says which pages may call.`,
    });
  const principal = await authenticate(headers);
  if (principal === undefined) {
    const isNone = headers.authorization === undefined;
    const challenge = `Bearer realm="agentwerk"${isNone ? "" : ', error="invalid_token"'}`;
    const message = isNone
      ? "A bearer token is needed: send the header Authorization: Bearer <token>."
      : "Authorization holds no token of this server; it wants Bearer and the token of this server.";
    return void refuse(response, { status: 401, message, headers: { "WWW-Authenticate": challenge } });
  }
  if (url.split("?", 1)[0] !== settings.path)
    return void refuse(response, { status: 404, message: `Nothing is served here; use ${settings.path}.` });
  if (!methods.has(method)) {
    const message = `${method} is not served.`;
    return void refuse(response, { status: 405, message, headers: { Allow: [...methods].join(", ") } });
  }
  return principal;
}

function isStream({ headers }: Response): boolean {
  return headers.get("content-type")?.startsWith("text/event-stream") === true;
}

/** A request in the form that the SDK's adapter takes. */
function toIncoming(request: IncomingMessage): Parameters<NodeMcpRequestHandler>[0] {
  const { method = "GET", url = "/", headers } = request;
  return { method, url, headers, [Symbol.asyncIterator]: () => request[Symbol.asyncIterator]() };
}

function listen(server: Server, { host, port, path }: HttpSettings): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(listenError(error, { host, port }));
    server.once("error", fail);
    server.listen({ host, port }, () => {
      server.off("error", fail);
      const address = server.address() as AddressInfo;
      const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
      resolve(`http://${name}:${address.port}${path}`);
    });
  });
}
