import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TicketSystem } from "@agentwerk/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { echoAgent } from "../testing/agents.ts";
import { serveSystem, type TestClient } from "../testing/served-system.ts";

async function directory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "agentwerk-serve-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Subscribes in the way of the era, and collects what is told. */
async function subscribe({ client }: TestClient, uris: readonly string[]): Promise<string[]> {
  const told: string[] = [];
  client.setNotificationHandler(
    "notifications/resources/updated",
    ({ params }) => void told.push(params.uri),
  );
  client.setNotificationHandler("notifications/resources/list_changed", () => void told.push("list"));
  if (client.getNegotiatedProtocolVersion() === "2026-07-28") {
    await client.listen({ resourceSubscriptions: [...uris], resourcesListChanged: true });
  } else {
    for (const uri of uris) await client.subscribeResource({ uri });
  }
  return told;
}

describe.each(["legacy", "modern"] as const)("changes of tickets, %s", (era) => {
  test("are told to who subscribed, also when another process works the ticket", async () => {
    const dir = await directory();
    await using tickets = new TicketSystem({ dir });
    await using system = await serveSystem({ tickets, work: false });
    const one = await system.connect({ era });
    await one.call("ticket_file", { task: "hello" });
    await one.call("ticket_file", { task: "nobody", labels: ["none"] });
    const told = await subscribe(one, ["ticket://TICKET-1", "ticket://TICKET-1/result"]);

    await using elsewhere = new TicketSystem({ dir, agents: [echoAgent()] });
    await elsewhere.task("filed elsewhere", { labels: ["none"] });
    await elsewhere.runDry();

    await expect.poll(() => told, { timeout: 10_000 }).toContain("ticket://TICKET-1/result");
    await expect.poll(() => told, { timeout: 10_000 }).toContain("list");
    expect(new Set(told)).toEqual(new Set(["ticket://TICKET-1", "ticket://TICKET-1/result", "list"]));
  });

  test("of other principals are told to nobody", async () => {
    await using system = await serveSystem({ work: false });
    const ann = await system.connect({ era, name: "ann" });
    const eve = await system.connect({ era, name: "eve" });
    await ann.call("ticket_file", { task: "secret" });
    const uris = ["ticket://TICKET-1"];
    const heardByEve = await subscribe(eve, uris);
    const heardByAnn = await subscribe(ann, uris);

    await ann.call("ticket_cancel", { key: "TICKET-1" });
    await expect.poll(() => heardByAnn, { timeout: 10_000 }).toContain("ticket://TICKET-1");
    await eve.call("ticket_list");

    expect(heardByEve).toEqual([]);
  });

  test("end a wait on a ticket that another process works", async () => {
    const dir = await directory();
    await using tickets = new TicketSystem({ dir });
    await using system = await serveSystem({ tickets, work: false });
    const { call } = await system.connect({ era });
    await call("ticket_file", { task: "hello" });
    const waiting = call("ticket_wait", { keys: ["TICKET-1"], wait_seconds: 40 });

    await using elsewhere = new TicketSystem({ dir, agents: [echoAgent()] });
    await elsewhere.runDry();

    expect(await waiting).toMatchObject({ settled: true, tickets: [{ result: "HELLO" }] });
  });
});

test("a client subscribes to what there can be, and to no more than a connection holds", async () => {
  await using system = await serveSystem({ work: false });
  const { client } = await system.connect({ era: "legacy" });

  await expect(client.subscribeResource({ uri: `x:${"y".repeat(100_000)}` })).rejects.toThrow(/not found/i);
  for (let number = 1; number <= 1_000; number++)
    await client.subscribeResource({ uri: `ticket://TICKET-${number}` });
  await expect(client.subscribeResource({ uri: "ticket://TICKET-1001" })).rejects.toThrow(/end one first/);
  await client.subscribeResource({ uri: "ticket://TICKET-1000" });
  await client.unsubscribeResource({ uri: "ticket://TICKET-1" });
  await client.subscribeResource({ uri: "ticket://TICKET-1001" });
}, 60_000);
