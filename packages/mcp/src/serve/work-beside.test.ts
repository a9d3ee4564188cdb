import { TicketSystem } from "@agentwerk/core";
import { expect, test } from "vitest";
import { echoAgent } from "./testing/agents.ts";
import { serveSystem } from "./testing/served-system.ts";

test("agents of the serving process work what clients file, and stop with the server", async () => {
  await using tickets = new TicketSystem({ agents: [echoAgent()] });
  const system = await serveSystem({ tickets, work: true });
  const { call } = await system.connect();
  await call("ticket_file", { task: "hello", wait_seconds: 40 });

  await system.served.close();
  const later = await tickets.task("too late");

  expect(await tickets.get("TICKET-1")).toMatchObject({ status: "done" });
  expect(await later.get()).toMatchObject({ status: "todo" });
  expect(system.errors).toEqual([]);
});

test("a run that a limit ends is told, and filing goes on", async () => {
  await using tickets = new TicketSystem({ agents: [echoAgent()], policy: { maxSteps: 1 } });
  await using system = await serveSystem({ tickets, work: true });
  const { call } = await system.connect();
  await call("ticket_file", { task: "one", wait_seconds: 40 });
  await call("ticket_file", { task: "two" });

  await expect.poll(() => system.errors).toHaveLength(1);
  expect(String(system.errors[0])).toContain("maxSteps of 1 was reached");
  expect(await call("ticket_list")).toMatchObject({ tickets: [{ status: "todo" }, { status: "done" }] });
});
