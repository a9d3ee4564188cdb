import { describe, expect, test } from "vitest";
import { serveSystem, tokenOf } from "../testing/served-system.ts";

const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
};

async function post(
  url: string,
  name: string,
  message: object,
  session?: string,
): Promise<{ readonly status: number; readonly session: string }> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${tokenOf(name)}`,
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      ...(session !== undefined && { "Mcp-Session-Id": session }),
    },
    body: JSON.stringify(message),
  });
  await response.text();
  return { status: response.status, session: response.headers.get("mcp-session-id") ?? "" };
}

/** A message of ann's, whose answer is not read. */
function send(url: string, session: string, message: object): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${tokenOf("ann")}`,
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      "Mcp-Session-Id": session,
    },
    body: JSON.stringify({ jsonrpc: "2.0", ...message }),
  });
}

describe("sessions of the older protocol", () => {
  test("that are too many drive out one of who has the most, and that client connects anew", async () => {
    await using system = await serveSystem({ http: { maxSessions: 3 } });
    const { url } = system.served;
    const bob = await post(url, "bob", initialize);
    const first = await post(url, "ann", initialize);
    const second = await post(url, "ann", initialize);

    expect((await post(url, "eve", initialize)).status).toBe(200);

    const ping = { jsonrpc: "2.0", id: 2, method: "ping" };
    expect((await post(url, "bob", ping, bob.session)).status).toBe(200);
    expect((await post(url, "ann", ping, first.session)).status).toBe(404);
    expect((await post(url, "ann", ping, second.session)).status).toBe(200);
    expect((await post(url, "ann", initialize)).status).toBe(200);
  });

  test("of one principal are bounded: its own that was silent the longest goes, and nobody else's", async () => {
    await using system = await serveSystem({ http: { maxSessionsPerPrincipal: 2 } });
    const { url } = system.served;
    const ping = { jsonrpc: "2.0", id: 2, method: "ping" };
    const bob = await post(url, "bob", initialize);
    const first = await post(url, "ann", initialize);
    const second = await post(url, "ann", initialize);
    await post(url, "ann", ping, first.session);

    const third = await post(url, "ann", initialize);

    expect(third.status).toBe(200);
    expect((await post(url, "ann", ping, second.session)).status).toBe(404);
    for (const { session } of [first, third])
      expect((await post(url, "ann", ping, session)).status).toBe(200);
    expect((await post(url, "bob", ping, bob.session)).status).toBe(200);
  });

  test("of one principal that only listen make room, those in the middle of a call do not", async () => {
    await using system = await serveSystem({ http: { maxSessionsPerPrincipal: 1 } });
    const { url } = system.served;
    const headers = { Authorization: `Bearer ${tokenOf("all-ann")}`, Accept: "text/event-stream" };
    const { session } = await post(url, "all-ann", initialize);
    const stream = await fetch(url, { headers: { ...headers, "Mcp-Session-Id": session } });

    const { client, call } = await system.connect({ era: "legacy" });
    expect(await stream.text()).toBe("");

    await call("ticket_file", { task: "nobody", labels: ["none"] });
    const told: number[] = [];
    const waiting = client.callTool(
      { name: "ticket_wait", arguments: { keys: ["TICKET-1"] } },
      { onprogress: ({ progress }) => told.push(progress) },
    );
    await expect.poll(() => told.length).toBeGreaterThan(0);
    const refused = await fetch(url, {
      method: "POST",
      headers: {
        ...headers,
        Accept: "application/json, text/event-stream",
        "Content-Type": "application/json",
      },
      body: JSON.stringify(initialize),
    });
    expect(refused.status).toBe(429);
    expect(await refused.text()).toMatch(/all-ann has 1 sessions.*End one by DELETE/);
    expect((await post(url, "bob", initialize)).status).toBe(200);

    await call("ticket_cancel", { key: "TICKET-1" });
    expect((await waiting).structuredContent).toMatchObject({ settled: true });
  });

  test("that are all being answered leave no room", async () => {
    await using system = await serveSystem({ http: { maxSessions: 1 } });
    const { client, call } = await system.connect({ era: "legacy" });
    await call("ticket_file", { task: "nobody", labels: ["none"] });
    const told: number[] = [];
    const waiting = client.callTool(
      { name: "ticket_wait", arguments: { keys: ["TICKET-1"] } },
      { onprogress: ({ progress }) => told.push(progress) },
    );
    await expect.poll(() => told.length).toBeGreaterThan(0);

    expect((await post(system.served.url, "eve", initialize)).status).toBe(503);

    await call("ticket_cancel", { key: "TICKET-1" });
    expect((await waiting).structuredContent).toMatchObject({ settled: true });
  });

  test("that are idle for long end, one that is used does not", async () => {
    await using system = await serveSystem({ http: { sessionIdleTimeout: "500ms" } });
    const { client, call } = await system.connect({ era: "legacy" });
    const until = Date.now() + 1_200;
    while (Date.now() < until) await call("ticket_list");
    const session = client.transport?.sessionId ?? "";
    await client.transport?.close();

    const status = async (): Promise<number> => {
      const response = await fetch(system.served.url, {
        method: "GET",
        headers: {
          Authorization: "Bearer token-of-all-ann-0123456789",
          "Mcp-Session-Id": session,
          Accept: "text/html",
        },
      });
      await response.text();
      return response.status;
    };
    // The look itself is a use: it comes rarer than the limit.
    await expect.poll(status, { timeout: 30_000, interval: 1_500 }).toBe(404);
  });

  test("an id that is still to be answered is no other request's", async () => {
    await using system = await serveSystem();
    const { url } = system.served;
    const { session } = await post(url, "ann", initialize);
    const ask = (id: number, name: string, input: object): Promise<Response> =>
      send(url, session, { id, method: "tools/call", params: { name, arguments: input } });
    await (await ask(2, "ticket_file", { task: "nobody" })).text();
    // The head of the answer is there, the answer is not.
    const waiting = await ask(3, "ticket_wait", { keys: ["TICKET-1"], wait_seconds: 45 });

    const again = await ask(3, "ticket_file", { task: "never" });
    expect(again.status).toBe(400);
    expect(await again.text()).toContain("id 3 is still to be answered");
    await (await ask(4, "ticket_cancel", { key: "TICKET-1" })).text();

    expect(await waiting.text()).toContain('"settled":true');
    expect(await system.tickets.find({})).toHaveLength(1);
    expect((await ask(3, "ticket_list", {})).status).toBe(200);
  });

  test("a request that is cancelled leaves no stream open, and its id is free", async () => {
    await using system = await serveSystem();
    const { url } = system.served;
    const { session } = await post(url, "ann", initialize);
    const ticket = { name: "ticket_file", arguments: { task: "nobody" } };
    await (await send(url, session, { id: 2, method: "tools/call", params: ticket })).text();
    const wait = { name: "ticket_wait", arguments: { keys: ["TICKET-1"], wait_seconds: 45 } };
    const waiting = await send(url, session, { id: 3, method: "tools/call", params: wait });

    await send(url, session, { method: "notifications/cancelled", params: { requestId: 3 } });

    expect(await waiting.text()).toBe("");
    expect((await send(url, session, { id: 3, method: "ping" })).status).toBe(200);
  });

  test("a client that ends its session finds it gone", async () => {
    await using system = await serveSystem();
    const { client } = await system.connect({ era: "legacy" });
    const headers = {
      Authorization: "Bearer token-of-all-ann-0123456789",
      "Mcp-Session-Id": client.transport?.sessionId ?? "",
    };

    expect((await fetch(system.served.url, { method: "DELETE", headers })).status).toBe(200);
    expect((await fetch(system.served.url, { method: "DELETE", headers })).status).toBe(404);
  });
});
