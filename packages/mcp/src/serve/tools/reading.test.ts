import type { Knowledge } from "@agentwerk/core";
import { describe, expect, test } from "vitest";
import { pageLength } from "../limits.ts";
import { echoAgent } from "../testing/agents.ts";
import { serveSystem } from "../testing/served-system.ts";
import type { ListedTicket, TicketView } from "../tickets/ticket-view.ts";
import { servedTools } from "./served-tools.ts";

interface Page {
  readonly tickets: readonly ListedTicket[];
  readonly next_cursor?: string;
}

describe("ticket_list", () => {
  test("comes in pages, newest first, without gaps while tickets are filed", async () => {
    await using system = await serveSystem();
    const { call } = await system.connect();
    for (let number = 1; number <= 7; number++) await system.tickets.task(`task ${number}`);

    const first = await call<Page>("ticket_list", { limit: 3 });
    await system.tickets.task("filed between two pages");
    const second = await call<Page>("ticket_list", { limit: 3, cursor: first.next_cursor });
    const third = await call<Page>("ticket_list", { limit: 3, cursor: second.next_cursor });

    const keys = [first, second, third].flatMap(({ tickets }) => tickets.map(({ key }) => key));
    expect(keys).toEqual([7, 6, 5, 4, 3, 2, 1].map((number) => `TICKET-${number}`));
    expect(third.next_cursor).toBeUndefined();
  });

  test("keeps a query's own order and limit over pages", async () => {
    await using system = await serveSystem();
    const { call } = await system.connect();
    for (let number = 1; number <= 7; number++) await system.tickets.task("x", { priority: number });
    const query = "status = todo ORDER BY priority DESC LIMIT 5";

    const first = await call<Page>("ticket_list", { query, limit: 3 });
    const second = await call<Page>("ticket_list", { query, limit: 3, cursor: first.next_cursor });

    const keys = [first, second].flatMap(({ tickets }) => tickets.map(({ key }) => key));
    expect(keys).toEqual([7, 6, 5, 4, 3].map((number) => `TICKET-${number}`));
    expect(second.next_cursor).toBeUndefined();
  });

  test("reads the query of its own description, and that of the prompt", async () => {
    await using system = await serveSystem();
    const { call } = await system.connect();
    await system.tickets.task("x", { labels: ["scan"] });
    const description = servedTools({ profile: "read", hasKnowledge: false }).find(
      ({ name }) => name === "ticket_list",
    );
    const query = /Such as: (.*)\.$/.exec(description?.listing.description ?? "")?.[1];

    expect(await call("ticket_list", { query: query ?? "none" })).toEqual({ tickets: [] });
    expect(await call("ticket_list", { query: "created > -1d" })).toMatchObject({
      tickets: [{ key: "TICKET-1" }],
    });
  });

  test("says where a query cannot be read", async () => {
    await using system = await serveSystem();
    const { call } = await system.connect();

    await expect(call("ticket_list", { query: "status = todo AND" })).rejects.toThrow(/column 18/);
    await expect(call("ticket_list", { cursor: "x" })).rejects.toThrow("cursor is not one");
  });
});

describe("ticket_get", () => {
  test("brings a long result in pages that add up", async () => {
    await using system = await serveSystem({ work: false });
    const { call, text } = await system.connect();
    const long = `${"ä".repeat(pageLength - 1)}😀${"z".repeat(pageLength)}`;
    await system.tickets.task("long");
    const { claim } = await call<{ claim: string }>("ticket_claim");
    await call("ticket_finish", { claim, result: long });

    const { ticket } = await call<{ ticket: TicketView }>("ticket_get", { key: "TICKET-1" });
    expect(ticket.result_cut).toBe(true);
    const shown = await text("ticket_get", { key: "TICKET-1" });
    expect(shown).toContain(`cursor "${pageLength - 1}"`);
    expect([shown, String(ticket.result)].map((part) => part.isWellFormed())).toEqual([true, true]);
    let whole = "";
    let cursor: string | undefined;
    do {
      const page = await call<{ text: string; next_cursor?: string }>("ticket_get", {
        key: "TICKET-1",
        part: "result",
        ...(cursor !== undefined && { cursor }),
      });
      expect(page.text.length).toBeLessThanOrEqual(pageLength);
      whole += page.text;
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(whole).toBe(long);
  });

  test("says that a ticket in progress is worked only while somebody holds it", async () => {
    await using system = await serveSystem({ work: false });
    const { call, text } = await system.connect();
    await system.tickets.task("count");
    const { store } = system.tickets;
    const wants = [{ agent: "clerk", labels: [""], limit: 1 }];
    const claim = async () => (await store.claim({ worker: "w", leaseMs: 60_000, wants }))[0]?.lease;
    const shown = () => text("ticket_get", { key: "TICKET-1" });

    const first = await claim();
    expect(await shown()).toBe("TICKET-1 is being worked by clerk, 0 turns so far.");
    if (first !== undefined) await store.commit(first, { work: { turns: 1 } });
    expect(await shown()).toBe("TICKET-1 is being worked by clerk, 1 turn so far.");
    if (first !== undefined) await store.release(first);
    expect(await shown()).toBe("TICKET-1 waits for a worker to go on with it, 1 turn so far.");
    const { claim: own } = await call<{ claim: string }>("ticket_claim");
    await call("ticket_release", { claim: own });
    expect(await shown()).toContain("waits for a worker to go on with it");
  });

  test("says that a lease ran out as long as nobody took the ticket over", async () => {
    await using system = await serveSystem({ work: false });
    const { call, text } = await system.connect();
    await system.tickets.task("count");
    const { lease_until: until } = await call<{ lease_until: string }>("ticket_claim", { lease_seconds: 1 });
    const told = `TICKET-1 waits for a worker to go on with it since the lease of all-ann ran out at ${until}, 0 turns so far.`;

    await expect
      .poll(() => text("ticket_get", { key: "TICKET-1" }), { timeout: 20_000, interval: 100 })
      .toBe(told);
    const waited = await text("ticket_wait", { keys: ["TICKET-1"], wait_seconds: 0 });
    expect(waited).toContain(told);
    expect(waited).not.toContain("Nothing is wrong");
  });

  test("shows the conversation, and why a ticket stands still", async () => {
    await using system = await serveSystem({ agents: [echoAgent()] });
    const { call, text } = await system.connect();
    await call("ticket_file", { task: "hello", wait_seconds: 30 });
    await call("ticket_file", { task: "nobody", labels: ["none"] });

    const { replies } = await call<{ replies: { role: string; text: string }[] }>("ticket_get", {
      key: "TICKET-1",
      part: "replies",
    });
    expect(replies.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
    expect(replies[1]?.text).toContain("write_result");
    expect(await text("ticket_get", { key: "TICKET-2" })).toContain("No agent here takes the label none");
  });
});

describe("knowledge", () => {
  const page = { slug: "deploys", type: "fact", description: "How to deploy.", tags: ["ops"], timestamp: 1 };
  const knowledge: Knowledge = {
    list: async () => [page],
    read: async (slug) => (slug === "deploys" ? { ...page, body: "Run it." } : undefined),
    write: async () => ({ ...page, body: "" }),
    remove: async () => false,
    search: async (query) => (query === "deploy" ? [page] : []),
    index: async () => "",
  };

  test("is searched and read by tools, and read as a resource", async () => {
    await using system = await serveSystem({ knowledge, profile: "read" });
    const { client, call } = await system.connect();

    expect(await call("knowledge_search", { query: "deploy" })).toMatchObject({
      pages: [{ slug: "deploys" }],
    });
    expect(await call("knowledge_search", {})).toMatchObject({ pages: [{ slug: "deploys" }] });
    expect(await call("knowledge_read", { slug: "deploys" })).toMatchObject({ body: "Run it." });
    await expect(call("knowledge_read", { slug: "nothing" })).rejects.toThrow("knowledge_search lists them");
    const { contents } = await client.readResource({ uri: "knowledge://deploys" });
    expect(contents).toMatchObject([{ mimeType: "text/markdown", text: "Run it." }]);
  });
});
