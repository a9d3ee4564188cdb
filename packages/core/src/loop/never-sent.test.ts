import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { runExchange } from "../provider/kit/run-exchange.ts";
import type { Provider } from "../provider/provider.ts";
import { ProviderError } from "../provider/provider-error.ts";
import { TicketSystem } from "../system/ticket-system.ts";
import { recordEvents } from "../testing/event-recorder.ts";
import { wasNeverSent } from "./never-sent.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listen(onRequest: (end: () => void) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => onRequest(() => socket.destroy()));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return `http://127.0.0.1:${address.port}`;
}

async function closedPort(): Promise<string> {
  const url = await listen(() => {});
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  return url;
}

const failureOf = (url: string): Promise<unknown> =>
  fetch(url, { method: "POST", body: "{}" }).then(
    () => undefined,
    (error: unknown) => error,
  );

const endpoint = {
  providerName: "far",
  apiKey: undefined,
  baseUrl: "http://127.0.0.1:1",
  isOfficial: false,
  headers: {},
  timeoutMs: 10_000,
  idleTimeoutMs: 10_000,
};

const systemError = (code: string, syscall: string): Error =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall });

describe("a request that failed", () => {
  it("was never sent where nobody listens, or the name is not known", async () => {
    const { port } = new URL(await closedPort());
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, "nobody.invalid"]) {
      expect(wasNeverSent(await failureOf(`http://${host}`)), host).toBe(true);
    }
  });

  it("may have been sent when the connection broke, whatever broke it", async () => {
    expect(wasNeverSent(await failureOf(await listen((end) => end())))).toBe(false);
    for (const error of [
      systemError("ECONNRESET", "read"),
      systemError("EPIPE", "write"),
      systemError("EHOSTUNREACH", "read"),
      systemError("ETIMEDOUT", "read"),
      systemError("ECONNREFUSED", ""),
      Object.assign(new Error("headers"), { code: "UND_ERR_HEADERS_TIMEOUT" }),
      Object.assign(new Error("bad record"), { code: "ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC" }),
    ]) {
      expect(wasNeverSent(new Error("fetch failed", { cause: error })), error.message).toBe(false);
    }
  });

  it("was never sent where each address refused, and may have been where one did something else", () => {
    const refused = systemError("ECONNREFUSED", "connect");
    const all = (...errors: readonly Error[]): Error =>
      new Error("fetch failed", { cause: new AggregateError(errors, "all failed") });
    expect(wasNeverSent(all(refused, systemError("ENETUNREACH", "connect")))).toBe(true);
    expect(wasNeverSent(all(refused, systemError("ECONNRESET", "read")))).toBe(false);
    expect(wasNeverSent(all())).toBe(false);
  });

  it("was never sent to a host whose certificate was refused", () => {
    const cause = Object.assign(new Error("expired"), { code: "CERT_HAS_EXPIRED" });
    expect(wasNeverSent(new TypeError("fetch failed", { cause }))).toBe(true);
  });

  it("was never sent to an address that fetch refuses", async () => {
    const respond = async (): Promise<never> => {
      throw await failureOf("http://127.0.0.1:1");
    };
    const exchange = { endpoint, vendor: { keyVariable: "FAR_API_KEY" }, signal: undefined };
    await expect(runExchange(exchange, respond)).rejects.toSatisfy(wasNeverSent);
  });

  it("may have been sent when its error says nothing, or is its own cause", () => {
    const circle = new Error("circle");
    circle.cause = circle;
    for (const error of [circle, new Error("who knows"), "ECONNREFUSED", undefined])
      expect(wasNeverSent(error)).toBe(false);
  });
});

it("a request that never left costs its budget nothing; one that broke off costs its worst case", async () => {
  const refused = await closedPort();
  const cut = await listen((end) => end());
  for (const [url, forfeited] of [
    [refused, 0],
    [cut, 3],
  ] as const) {
    const provider: Provider = {
      name: "far",
      async respond() {
        const cause = await failureOf(url);
        throw new ProviderError({ provider: "far", reason: "connection_failed", message: "No.", cause });
      },
    };
    await using tickets = new TicketSystem({
      policy: { maxOutputTokens: 100_000, requestRetryDelay: 0, maxRequestRetries: 2 },
    });
    using events = recordEvents(tickets);
    const model = { provider, name: "far", contextWindow: 100_000, maxOutputTokens: 1_000 };
    tickets.agent({ model, role: "You work." });
    await tickets.task("work");
    await tickets.runDry();

    expect(events.of("reservation_forfeited")).toHaveLength(forfeited);
    const { spent, reserved } = await tickets.store.account();
    expect([spent.outputTokens, reserved.outputTokens]).toEqual([forfeited * 1_000, 0]);
  }
});
