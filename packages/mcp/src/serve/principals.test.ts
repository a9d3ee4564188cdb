import { describe, expect, test } from "vitest";
import type { Principal } from "./principal.ts";
import { serveSystem } from "./testing/served-system.ts";

const gone = "There is no ticket TICKET-1.";

describe.each(["legacy", "modern"] as const)("a ticket belongs to the principal that filed it, %s", (era) => {
  test("what another one filed is not there, for any tool and any resource", async () => {
    await using system = await serveSystem({ work: false });
    const ann = await system.connect({ era, name: "ann" });
    const eve = await system.connect({ era, name: "eve" });
    await ann.call("ticket_file", { task: "secret" });
    const key = "TICKET-1";

    for (const [tool, input] of [
      ["ticket_get", { key }],
      ["ticket_get", { key, part: "replies" }],
      ["ticket_wait", { keys: [key] }],
      ["ticket_reply", { key, text: "hi" }],
      ["ticket_cancel", { key }],
      ["ticket_approve", { key, call_id: "c", hash: "h", decision: "approve" }],
      ["ticket_file", { task: "x", blocked_by: [key] }],
      ["ticket_file", { task: "x", parent: key }],
    ] as const)
      await expect(eve.call(tool, input), tool).rejects.toThrow(gone);

    expect(await eve.call("ticket_list", { query: "reporter = ann OR task ~ secret" })).toEqual({
      tickets: [],
    });
    expect((await eve.client.listResources()).resources).toEqual([]);
    await expect(eve.client.readResource({ uri: "ticket://TICKET-1" })).rejects.toThrow(/not found/i);
    const ref = { type: "ref/resource" as const, uri: "ticket://{key}" };
    const { completion } = await eve.client.complete({ ref, argument: { name: "key", value: "T" } });
    expect(completion.values).toEqual([]);
    expect(await ann.call("ticket_list")).toMatchObject({ tickets: [{ key }] });
    expect(await system.tickets.get(key)).toMatchObject({ status: "todo", reporter: "ann" });
  });

  test("its schemas hold no regular expression, which whoever finishes the ticket would have to run", async () => {
    await using system = await serveSystem({ work: false });
    const ann = await system.connect({ era, name: "ann" });
    const schema = { type: "object", properties: { name: { type: "string", pattern: "^(a+)+$" } } };

    await expect(ann.call("ticket_file", { task: "x", schema })).rejects.toThrow(/holds pattern/);
    const named = { type: "object", properties: { pattern: { type: "string" } } };
    expect(await ann.call("ticket_file", { task: "x", schema: named })).toMatchObject({
      ticket: { key: "TICKET-1" },
    });
  });

  test("what agents filed for it is its own, too", async () => {
    await using system = await serveSystem({ work: false });
    const ann = await system.connect({ era, name: "ann" });
    const eve = await system.connect({ era, name: "eve" });
    await ann.call("ticket_file", { task: "parent" });
    await system.tickets.task("child", { parent: "TICKET-1" as never, reporter: "planner" });
    await system.tickets.task("grandchild", { parent: "TICKET-2" as never, reporter: "planner" });

    expect(await ann.call("ticket_get", { key: "TICKET-3" })).toMatchObject({
      ticket: { task: "grandchild" },
    });
    await expect(eve.call("ticket_get", { key: "TICKET-3" })).rejects.toThrow("There is no ticket TICKET-3.");
  });
});

test("a session of the older protocol is not there for another principal, nor with rights that were taken since", async () => {
  const principals: Principal[] = [{ name: "ann", sees: "all" }];
  await using system = await serveSystem({ work: false, principals });
  const ann = await system.connect({ era: "legacy", name: "ann" });
  const transport = ann.client.transport;
  const session = transport?.sessionId ?? "";
  const request = async (name: string): Promise<number> => {
    const response = await fetch(system.served.url, {
      method: "POST",
      headers: {
        Authorization: `Bearer token-of-${name}-0123456789`,
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
        "Mcp-Session-Id": session,
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
    });
    await response.text();
    return response.status;
  };

  expect(session).not.toBe("");
  expect(await request("eve")).toBe(404);
  expect(await request("ann")).toBe(200);
  principals[0] = { name: "ann", sees: "own", profile: "read" };
  expect(await request("ann")).toBe(404);
});
