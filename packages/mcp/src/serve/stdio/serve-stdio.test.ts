import { PassThrough } from "node:stream";
import { TicketSystem } from "@agentwerk/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { serveTickets } from "../serve-tickets.ts";
import { echoAgent } from "../testing/agents.ts";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number };
}

/** One client over streams of the test's own. */
async function connect(
  tickets: TicketSystem,
): Promise<{ send(message: object): void; readonly told: Message[] }> {
  const input = new PassThrough();
  const output = new PassThrough();
  const told: Message[] = [];
  let rest = "";
  output.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    told.push(...lines.map((line) => JSON.parse(line) as Message));
  });
  const served = await serveTickets(tickets, { input, output });
  onTestFinished(() => served.close());
  return { told, send: (message) => void input.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`) };
}

const modern = (takesTasks: boolean) => ({
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": takesTasks
    ? { extensions: { "io.modelcontextprotocol/tasks": {} } }
    : {},
});
const initialize = {
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
};

test("a client that asks and does not read is dropped before its answers fill the memory", async () => {
  await using tickets = new TicketSystem({});
  const errors: unknown[] = [];
  const input = new PassThrough();
  const output = new PassThrough();
  const served = await serveTickets(tickets, { input, output, onError: (error) => errors.push(error) });
  await tickets.task("long");
  const wants = [{ agent: "clerk", labels: [""], limit: 1 }];
  const [claim] = await tickets.store.claim({ worker: "w", leaseMs: 60_000, wants });
  if (claim !== undefined) await tickets.finish(claim.lease, { result: "x".repeat(1_000_000) });

  const send = (message: object): void =>
    void input.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  send(initialize);
  for (let id = 2; id < 100; id++)
    send({ id, method: "resources/read", params: { uri: "ticket://TICKET-1/result" } });

  await served.closed;

  expect(errors.join()).toContain("it left over 32000000 bytes unread");
  expect(errors).toHaveLength(1);
  expect(output.writableLength).toBeLessThan(35_000_000);
});

describe("over one connection", () => {
  test("input that is nested without end is refused as what it is", async () => {
    await using tickets = new TicketSystem();
    const { send, told } = await connect(tickets);
    send(initialize);
    const nested = JSON.parse(`${"[".repeat(3_000)}${"]".repeat(3_000)}`) as unknown;
    send({ id: 2, method: "tools/call", params: { name: "ticket_file", arguments: { task: { nested } } } });

    await expect.poll(() => JSON.stringify(told)).toContain("is nested deeper than 200 levels");
    expect(await tickets.find()).toEqual([]);
  });

  test("changes are told to who subscribed in the older protocol", async () => {
    await using tickets = new TicketSystem({ agents: [echoAgent()] });
    await tickets.task("hello");
    await tickets.task("other", { labels: ["none"] });
    const { send, told } = await connect(tickets);
    send(initialize);
    send({ method: "notifications/initialized" });
    send({ id: 2, method: "resources/subscribe", params: { uri: "ticket://TICKET-1" } });
    await expect.poll(() => told).toContainEqual(expect.objectContaining({ id: 2, result: {} }));

    await tickets.cancel("TICKET-2");
    await tickets.runDry();

    const updates = () => told.filter(({ method }) => method === "notifications/resources/updated");
    await expect.poll(() => updates().length).toBeGreaterThan(0);
    for (const { params } of updates()) expect(params).toMatchObject({ uri: "ticket://TICKET-1" });
    send({ id: 3, method: "resources/unsubscribe", params: { uri: "ticket://TICKET-1" } });
    await expect.poll(() => told).toContainEqual(expect.objectContaining({ id: 3, result: {} }));
  });

  test("resources and tasks are told to who listens in the newer one", async () => {
    await using tickets = new TicketSystem({ agents: [echoAgent()] });
    await tickets.task("hello");
    const { send, told } = await connect(tickets);
    const notifications = {
      resourceSubscriptions: ["ticket://TICKET-1/result"],
      taskIds: ["TICKET-1", "TICKET-9"],
    };
    send({ id: 1, method: "tools/list", params: { _meta: modern(false) } });
    send({ id: 2, method: "subscriptions/listen", params: { notifications, _meta: modern(false) } });
    await expect
      .poll(() => told)
      .toContainEqual(expect.objectContaining({ id: 2, error: expect.anything() }));
    expect(told.find(({ id }) => id === 2)?.error?.code).toBe(-32_021);
    send({ id: 3, method: "subscriptions/listen", params: { notifications, _meta: modern(true) } });
    await expect
      .poll(() => told.map(({ method }) => method))
      .toContain("notifications/subscriptions/acknowledged");
    expect(told.at(-1)?.params).toMatchObject({
      notifications: { resourceSubscriptions: ["ticket://TICKET-1/result"], taskIds: ["TICKET-1"] },
    });

    await tickets.runDry();

    await expect
      .poll(() => told)
      .toContainEqual(
        expect.objectContaining({
          method: "notifications/tasks",
          params: expect.objectContaining({ taskId: "TICKET-1", status: "completed" }),
        }),
      );
    await expect
      .poll(() => told)
      .toContainEqual(
        expect.objectContaining({
          method: "notifications/resources/updated",
          params: expect.objectContaining({ uri: "ticket://TICKET-1/result" }),
        }),
      );
  });

  test("a wait that the client cancels is not answered, and the next request is", async () => {
    await using tickets = new TicketSystem();
    await tickets.task("nobody");
    const { send, told } = await connect(tickets);
    send(initialize);
    const params = { name: "ticket_wait", arguments: { keys: ["TICKET-1"], wait_seconds: 45 } };
    send({ id: 2, method: "tools/call", params });
    send({ method: "notifications/cancelled", params: { requestId: 2, reason: "no longer wanted" } });
    send({ id: 3, method: "tools/call", params: { name: "ticket_list", arguments: {} } });

    await expect.poll(() => told.map(({ id }) => id)).toContain(3);
    expect(told.map(({ id }) => id)).not.toContain(2);
  });
});
