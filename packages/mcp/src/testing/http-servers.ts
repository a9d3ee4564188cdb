import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { onTestFinished } from "vitest";
import { makeServer2025 } from "./server-2025.ts";
import { makeServer2026 } from "./server-2026.ts";

/** Listens on loopback until the test is over; answers with the address. */
export async function listen(handle: RequestListener): Promise<string> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("No address");
  return `http://127.0.0.1:${address.port}`;
}

/** Streamable HTTP with sessions, by the 1.x line. `forget` loses all sessions, as a restart does. */
export async function serveHttp2025(): Promise<{ readonly url: string; forget(): void }> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const id = request.headers["mcp-session-id"];
    const known = typeof id === "string" ? sessions.get(id) : undefined;
    if (known !== undefined) return await known.handleRequest(request, response);
    if (id !== undefined) return void response.writeHead(404).end();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (session) => void sessions.set(session, transport),
    });
    await makeServer2025().connect(transport as Parameters<ReturnType<typeof makeServer2025>["connect"]>[0]);
    await transport.handleRequest(request, response);
  };
  const url = await listen((request, response) => void handle(request, response));
  return { url: `${url}/mcp`, forget: () => sessions.clear() };
}

/** The transport from before Streamable HTTP: a stream to read from, and an address to post to. */
export async function serveSse2025(): Promise<string> {
  const sessions = new Map<string, SSEServerTransport>();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (request.method === "GET" && url.pathname === "/sse") {
      const transport = new SSEServerTransport("/messages", response);
      sessions.set(transport.sessionId, transport);
      return await makeServer2025().connect(transport);
    }
    const session = sessions.get(url.searchParams.get("sessionId") ?? "");
    if (request.method !== "POST" || session === undefined) return void response.writeHead(405).end();
    await session.handlePostMessage(request, response);
  };
  return `${await listen((request, response) => void handle(request, response))}/sse`;
}

/** The stateless protocol of 2026-07-28 and no other. */
export async function serveHttp2026(): Promise<string> {
  const handler = createMcpHandler(makeServer2026, { legacy: "reject" });
  const handle = toNodeHandler(handler);
  const url = await listen(
    (request, response) => void handle(request as Parameters<typeof handle>[0], response),
  );
  return `${url}/mcp`;
}
