import { connect, type Socket } from "node:net";
import {
  CLIENT_CAPABILITIES_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  Server,
} from "@modelcontextprotocol/server";
import { describe, expect, onTestFinished, test } from "vitest";
import type { McpService } from "../mcp-service.ts";
import { boundedBody, mostUnreadBytes } from "./bounded-body.ts";
import { type ServedOverHttp, serveHttp } from "./serve-http.ts";

const token = "a-token-of-sixteen-characters";
/** More than the buffers of both ends of a loopback connection together. */
const mostSent = 150_000_000;
const line = "x".repeat(50_000);

/** A server whose one tool talks as long as somebody is there, and what it has said. */
async function talkative(): Promise<{
  readonly served: ServedOverHttp;
  readonly errors: string[];
  sent(): number;
}> {
  let sent = 0;
  const errors: string[] = [];
  const service: McpService = {
    connect() {
      const server = new Server({ name: "talkative", version: "1" }, { capabilities: { tools: {} } });
      server.setRequestHandler("tools/call", async (_request, { mcpReq, http }) => {
        const { signal } = mcpReq;
        const progressToken = 1;
        while (sent < mostSent && !signal.aborted && http?.req?.signal.aborted !== true) {
          sent += line.length;
          await mcpReq
            .notify({
              method: "notifications/progress",
              params: { progressToken, progress: sent, message: line },
            })
            .catch(() => {});
          await new Promise((resolve) => setImmediate(resolve));
        }
        return { content: [] };
      });
      return server;
    },
    async close() {},
  };
  const served = await serveHttp(service, {
    port: 0,
    tokens: { ann: token },
    onError: (error) => errors.push(String(error)),
  });
  onTestFinished(() => served.close());
  return { served, errors, sent: () => sent };
}

/** Sends a request and reads nothing of the answer. */
async function sendUnread(url: string, headers: Record<string, string>, message: object): Promise<Socket> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  const body = JSON.stringify(message);
  const all = {
    Host: host,
    Authorization: `Bearer ${token}`,
    "Content-Type": "application/json",
    Accept: "application/json, text/event-stream",
    "Content-Length": String(body.length),
    ...headers,
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  await new Promise<void>((resolve) =>
    socket.write(`POST /mcp HTTP/1.1\r\n${head.join("\r\n")}\r\n\r\n${body}`, () => resolve()),
  );
  return socket.pause();
}

async function beginSession(url: string): Promise<string> {
  const params = {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  };
  const response = await fetch(url, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${token}`,
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params }),
  });
  await response.text();
  return response.headers.get("mcp-session-id") ?? "";
}

const call = { jsonrpc: "2.0", id: 2, method: "tools/call" };

describe("a client that opens a stream and does not read", () => {
  test("is dropped with a reason, in the older protocol", async () => {
    const { served, errors, sent } = await talkative();
    const session = await beginSession(served.url);
    const params = { name: "talk", _meta: { progressToken: 1 } };

    const socket = await sendUnread(served.url, { "Mcp-Session-Id": session }, { ...call, params });
    await expect.poll(() => errors.join(), { timeout: 30_000 }).toContain("left over 1000000 bytes");

    expect(sent()).toBeLessThan(mostSent);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    await closed;
  });

  test("is dropped with a reason, in the stateless one", async () => {
    const { served, errors, sent } = await talkative();
    const version = "2026-07-28";
    const _meta = {
      progressToken: 1,
      [PROTOCOL_VERSION_META_KEY]: version,
      [CLIENT_CAPABILITIES_META_KEY]: {},
    };
    const headers = { "MCP-Protocol-Version": version, "Mcp-Method": "tools/call", "Mcp-Name": "talk" };

    await sendUnread(served.url, headers, { ...call, params: { name: "talk", _meta } });
    await expect.poll(() => errors.join(), { timeout: 30_000 }).toContain("left over 1000000 bytes");

    expect(sent()).toBeLessThan(mostSent);
  });
});

describe("a bounded body", () => {
  const chunk = new Uint8Array(mostUnreadBytes / 10);

  test("takes one message of any length, and all that is read in time", async () => {
    const ends: string[] = [];
    const huge = new Uint8Array(mostUnreadBytes * 3);
    const body = boundedBody(ReadableStream.from([huge, ...Array.from({ length: 50 }, () => chunk)]), {
      onEnd: () => ends.push("end"),
      onOverflow: () => ends.push("overflow"),
    });
    const reader = body.getReader();

    let length = 0;
    // Each read before the next message is there.
    for (let read = await reader.read(); !read.done; read = await reader.read()) length += read.value.length;

    expect(length).toBe(huge.length + 50 * chunk.length);
    expect(ends).toEqual(["end"]);
  });

  test("ends its source when nobody reads, and when the reader goes", async () => {
    const ends: string[] = [];
    let isCancelled = false;
    const source = (
      pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void,
    ): ReadableStream<Uint8Array> =>
      new ReadableStream({
        pull,
        cancel: () => {
          isCancelled = true;
        },
      });
    boundedBody(
      source((controller) => controller.enqueue(chunk)),
      { onEnd: () => ends.push("end"), onOverflow: () => ends.push("overflow") },
    );
    await expect.poll(() => ends).toEqual(["overflow", "end"]);
    expect(isCancelled).toBe(true);

    isCancelled = false;
    const body = boundedBody(
      source(() => {}),
      {
        onEnd: () => ends.push("end"),
        onOverflow: () => ends.push("overflow"),
      },
    );
    await body.cancel();
    await expect.poll(() => ends).toEqual(["overflow", "end", "end"]);
    expect(isCancelled).toBe(true);
  });
});
