import { AgentwerkError, memoryStore, TicketSystem } from "@agentwerk/core";
import { expect, test } from "vitest";
import { askModern } from "./testing/modern-request.ts";
import { serveSystem } from "./testing/served-system.ts";
import { ticketService } from "./ticket-service.ts";

test("what goes wrong on the server is told there, and to clients only that it did", async () => {
  const store = memoryStore();
  const message = "The database /srv/secret/place.sqlite cannot be read.";
  const failing: typeof store = {
    ...store,
    get: () => Promise.reject(new AgentwerkError({ code: "store_unavailable", message })),
    find: () => Promise.reject(new TypeError("an internal matter")),
  };
  await using tickets = new TicketSystem({ store: failing });
  await using system = await serveSystem({ tickets, work: false });
  const { client, call } = await system.connect();

  await expect(call("ticket_get", { key: "TICKET-1" })).rejects.toThrow(
    "ticket_get failed on the server (store_unavailable). It may help to try again.",
  );
  await expect(call("ticket_list")).rejects.toThrow(/ticket_list failed on the server\. It may/);
  expect(system.errors).toEqual([
    expect.objectContaining({ message }),
    expect.objectContaining({ message: "an internal matter" }),
  ]);

  await expect(client.readResource({ uri: "ticket://TICKET-1" })).rejects.toMatchObject({
    code: -32_603,
    message: expect.stringContaining("resources/read failed on the server (store_unavailable). It may"),
  });
  await expect(client.listResources()).rejects.toThrow("resources/list failed on the server. It may");
  const ref = { type: "ref/resource" as const, uri: "ticket://{key}" };
  await expect(client.complete({ ref, argument: { name: "key", value: "T" } })).rejects.toThrow(
    "completion/complete failed on the server. It may",
  );
  await expect(client.listResources({ cursor: "none" })).rejects.toMatchObject({
    code: -32_602,
    message: expect.stringContaining("cursor is not one"),
  });
  const params = { taskId: "TICKET-1" };
  const task = { url: system.served.url, name: "all-ann", method: "tasks/get", params, takesTasks: true };
  expect(JSON.stringify(await askModern(task))).toContain("tasks/get failed on the server");
  expect(system.errors).toHaveLength(6);
});

test("options that do not exist are refused", async () => {
  await using tickets = new TicketSystem();

  expect(() => ticketService(tickets, { profiles: "work" } as never)).toThrow("profiles is not an option");
  expect(() => ticketService(tickets, { profile: "admin" as never })).toThrow("one of read, file, work");
});
