import { TicketSystem } from "@agentwerk/core";
import { describe, expect, test } from "vitest";
import { serveTickets } from "../serve-tickets.ts";
import { rawRequest, statusOf } from "../testing/raw-request.ts";
import { serveSystem, tokenOf } from "../testing/served-system.ts";

const call = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
};
const authorization = `Bearer ${tokenOf("ann")}`;
const usual = {
  Authorization: authorization,
  "Content-Type": "application/json",
  Accept: "application/json, text/event-stream",
};

function send(
  url: string,
  options: RequestInit & { readonly headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(url, {
    method: "POST",
    body: JSON.stringify(call),
    ...options,
    headers: { ...usual, ...options.headers },
  });
}

/** A request with a header that `fetch` does not let one choose. */
async function sendRaw(
  url: string,
  headers: Record<string, string>,
  body = JSON.stringify(call),
): Promise<number> {
  const all = {
    Host: new URL(url).host,
    ...usual,
    "Content-Length": String(Buffer.byteLength(body)),
    Connection: "close",
    ...headers,
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return statusOf(await rawRequest(url, [`POST /mcp HTTP/1.1\r\n${head.join("\r\n")}\r\n\r\n${body}`]));
}

test("where nothing can listen is told with what to do", async () => {
  await using system = await serveSystem();
  const port = Number(new URL(system.served.url).port);
  for (const [place, expected] of [
    [
      { port },
      { code: "conflict", field: "port", message: expect.stringContaining(`127.0.0.1:${port} already`) },
    ],
    [
      { port: 0, host: "192.0.2.1", allowedHosts: ["x.example"] },
      { code: "invalid_input", field: "host" },
    ],
  ] as const)
    await expect(
      serveTickets(system.tickets, { transport: "http", ...place, tokens: { ann: tokenOf("ann") } }),
    ).rejects.toMatchObject(expected);
});

describe("who may call", () => {
  test("is who has a token; others learn how to say who they are", async () => {
    await using system = await serveSystem();
    const { url } = system.served;

    expect((await send(url)).status).toBe(200);
    const none = await fetch(url, { method: "POST", body: "{}" });
    expect(none.status).toBe(401);
    expect(none.headers.get("WWW-Authenticate")).toBe('Bearer realm="agentwerk"');
    expect(await none.text()).toContain("A bearer token is needed");
    for (const wrong of [
      "Bearer nonsense",
      "Basic YTpi",
      "Bearer",
      `Bearer ${tokenOf("ann")}x`,
      `bearer  ${"a".repeat(9_000)}`,
    ]) {
      const refused = await send(url, { headers: { Authorization: wrong } });
      expect(refused.status, wrong).toBe(401);
      expect(refused.headers.get("WWW-Authenticate"), wrong).toContain('error="invalid_token"');
      expect(await refused.text(), wrong).toContain("holds no token of this server");
    }
    expect(await system.tickets.find()).toEqual([]);
  });

  test("is not who calls by a foreign name, which a rebound DNS entry would be", async () => {
    await using system = await serveSystem();
    const { url } = system.served;

    expect(await sendRaw(url, { Host: "localhost" })).toBe(200);
    for (const Host of [
      "evil.example",
      "127.0.0.1.evil.example",
      "evil.example:80",
      "localhost@evil.example",
      "",
      "0.0.0.0",
    ])
      expect(await sendRaw(url, { Host }), Host).toBe(403);
    // Before anything else: without a token it is the name that is refused.
    expect(await sendRaw(url, { Host: "evil.example", Authorization: "none" })).toBe(403);
  });

  test("is not a foreign page in the user's browser", async () => {
    await using system = await serveSystem({ http: { allowedOrigins: ["app.example"] } });
    const { url } = system.served;

    for (const Origin of ["http://localhost:6274", "http://127.0.0.1", "https://app.example"])
      expect((await send(url, { headers: { Origin } })).status, Origin).toBe(200);
    for (const Origin of ["https://evil.example", "null", "https://app.example.evil.example", "nonsense"])
      expect((await send(url, { headers: { Origin } })).status, Origin).toBe(403);
    const refused = await send(url, { headers: { Origin: "https://evil.example" } });
    expect(await refused.text()).toContain("evil.example; allowedOrigins says which pages may call");
  });

  test("several principals have a token each", async () => {
    await using tickets = new TicketSystem();
    const tokens = { ann: "a".repeat(20), bob: "b".repeat(20) };
    const served = await serveTickets(tickets, { transport: "http", port: 0, tokens });

    for (const token of Object.values(tokens))
      expect((await send(served.url, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(200);
    expect((await send(served.url, { headers: { Authorization: `Bearer ${"c".repeat(20)}` } })).status).toBe(
      401,
    );
    await served.close();
  });
});

describe("what is refused", () => {
  test("another path, another method, another kind of body, a client that takes no answer", async () => {
    await using system = await serveSystem();
    const { url } = system.served;

    expect((await send(url.replace("/mcp", "/"))).status).toBe(404);
    expect((await send(`${url}?x=1`)).status).toBe(200);
    const put = await send(url, { method: "PUT" });
    expect([put.status, put.headers.get("Allow")]).toEqual([405, "GET, POST, DELETE"]);
    expect((await send(url, { method: "OPTIONS", body: null })).status).toBe(405);
    expect((await send(url, { headers: { "Content-Type": "text/plain" } })).status).toBe(415);
    expect((await send(url, { headers: { Accept: "text/html" } })).status).toBe(406);
  });

  test("a body that is no JSON, no message, or a batch of them", async () => {
    await using system = await serveSystem();
    const { url } = system.served;

    for (const body of ["{", "", "not json", '{"a":1}x', Buffer.from([0x7b, 0xff, 0x7d])]) {
      const refused = await send(url, { body });
      expect(refused.status, String(body)).toBe(400);
      expect(await refused.json(), String(body)).toMatchObject({ error: { code: -32_700 } });
    }
    for (const body of ['"text"', "null", "5", "{}", '{"jsonrpc":"1.0"}'])
      expect((await send(url, { body })).status, body).toBe(400);
    const flood = JSON.stringify(Array.from({ length: 5_000 }, (_, id) => ({ ...call, id })));
    const refused = await send(url, { body: flood });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: { code: -32_600, message: expect.stringContaining("Batches") },
    });
  });

  test("a body that is nested without end, with bounded work", async () => {
    await using system = await serveSystem();
    const { url } = system.served;
    const nest = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    const withInput = (json: string): string =>
      JSON.stringify({
        ...call,
        method: "tools/call",
        params: { name: "ticket_list", arguments: { x: 0 } },
      }).replace('"x":0', `"x":${json}`);

    for (const body of [
      nest(80_000),
      withInput(nest(80_000)),
      withInput(`{"a":${nest(250)}}`),
      "[".repeat(500_000),
    ]) {
      const refused = await send(url, { body });
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({
        error: { code: -32_600, message: expect.stringContaining("nested deeper than 200 levels") },
      });
    }
    expect(system.errors).toEqual([]);
    // Brackets within a text nest nothing.
    const { call: callTool } = await system.connect();
    await callTool("ticket_file", { task: `${"[{".repeat(5_000)}\\"${"[".repeat(5_000)}`, labels: ["none"] });
    await callTool("ticket_file", { task: { deep: JSON.parse(nest(100)) as unknown }, labels: ["none"] });
  });

  test("a session that is not there, and a message without one", async () => {
    await using system = await serveSystem();
    const { url } = system.served;
    const body = JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/list" });

    expect((await send(url, { body })).status).toBe(400);
    expect((await send(url, { body, headers: { "Mcp-Session-Id": "of-yesterday" } })).status).toBe(404);
  });

  test("a body of 50 MB, before it is read", async () => {
    await using system = await serveSystem();
    const { url } = system.served;
    const megabyte = "x".repeat(1_000_000);
    const before = process.memoryUsage().rss;
    let sent = 0;
    function* parts(head: string, wrap: (text: string) => string): Generator<string> {
      yield head;
      for (let number = 0; number < 50; number++) {
        sent++;
        yield wrap(megabyte);
      }
    }
    const head = `POST /mcp HTTP/1.1\r\nHost: ${new URL(url).host}\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\n`;

    const declared = await rawRequest(
      url,
      parts(`${head}Content-Length: 50000000\r\n\r\n`, (text) => text),
    );
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
    const chunked = await rawRequest(url, parts(`${head}Transfer-Encoding: chunked\r\n\r\n`, chunk));

    expect([statusOf(declared), statusOf(chunked)]).toEqual([413, 413]);
    expect(declared).toContain("Connection: close");
    expect(sent).toBeLessThan(100);
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
    expect((await send(url)).status).toBe(200);
  });

  test("a client that dribbles its request", async () => {
    await using system = await serveSystem({ http: { requestTimeout: "300ms" } });
    const { url } = system.served;
    const { host } = new URL(url);

    const [head, body] = await Promise.all([
      rawRequest(url, [`POST /mcp HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `]),
      rawRequest(url, [
        `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
      ]),
    ]);

    expect([statusOf(head), statusOf(body)]).toEqual([408, 408]);
    expect((await send(url)).status).toBe(200);
  });
});

describe("options", () => {
  test.each([
    [{ host: "0.0.0.0" }, "name in allowedHosts"],
    [{ host: "example.org" }, "name in allowedHosts"],
    [{ port: 70_000 }, "port is 70000"],
    [{ path: "mcp" }, "begins with a slash"],
    [{ maxBodyBytes: 0 }, "maxBodyBytes"],
    [{ tokens: {} }, "tokens is empty"],
    [{ tokens: { ann: "short" } }, "less than 16"],
    [{ tokens: { ann: "a".repeat(20), bob: "a".repeat(20) } }, "the same token"],
    [{ tokens: { "ann/bob": "a".repeat(20) } }, "principal's name"],
    [{ hosts: ["x"] }, "hosts is not an option"],
    [{ profile: "admin" }, "one of read, file, work"],
  ])("%j is refused", async (options, message) => {
    await using tickets = new TicketSystem();
    const given = { transport: "http" as const, port: 0, ...(options as object) };

    await expect(serveTickets(tickets, given)).rejects.toThrow(message);
  });

  test("another address than a loopback one is served with a list of hosts", async () => {
    await using tickets = new TicketSystem();
    const tokens = { ann: "a".repeat(20) };
    const options = {
      transport: "http",
      host: "0.0.0.0",
      port: 0,
      tokens,
      allowedHosts: ["tickets.example"],
    } as const;
    const served = await serveTickets(tickets, options);
    const url = served.url.replace("0.0.0.0", "127.0.0.1");
    const headers = { Authorization: `Bearer ${tokens.ann}` };

    expect(await sendRaw(url, { ...headers, Host: "tickets.example" })).toBe(200);
    expect(await sendRaw(url, { ...headers, Host: "other.example" })).toBe(403);
    await served.close();
  });
});

test("closing ends what clients have begun, and the address is free again", async () => {
  await using system = await serveSystem();
  const { call } = await system.connect({ era: "legacy" });
  const modern = await system.connect();
  await call("ticket_file", { task: "never", labels: ["nobody"] });
  const waits = [
    call("ticket_wait", { keys: ["TICKET-1"] }),
    modern.call("ticket_wait", { keys: ["TICKET-1"] }),
  ];
  const ended = Promise.allSettled(waits);

  await system.served.close();

  // Answered or refused: that depends on how far each of them was.
  expect(await ended).toHaveLength(2);
  await expect(send(system.served.url)).rejects.toThrow();
});
