import { describe, expect, test } from "vitest";
import { serveSystem } from "../testing/served-system.ts";

interface Claimed {
  readonly claim: string;
  readonly lease_until: string;
  readonly ticket: { readonly key: string };
}

const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };

describe("a client that works tickets", () => {
  test("claims the next one with all that it needs, and finishes it by its schema", async () => {
    await using system = await serveSystem({ work: false });
    const { call, text } = await system.connect();
    await system.tickets.task("count", { labels: ["math"], schema });

    const claimed = await call<Claimed>("ticket_claim", { labels: ["math"] });
    expect(claimed).toMatchObject({
      ticket: { key: "TICKET-1", status: "in_progress", task: "count" },
      schema,
    });
    expect(await text("ticket_claim", { labels: ["math"] })).toBe("No ticket with the label math is ready.");
    const { claim } = claimed;
    await expect(call("ticket_finish", { claim, result: { n: "many" } })).rejects.toThrow(
      /does not fit.*schema:\n- n/,
    );
    await expect(call("ticket_finish", { claim })).rejects.toThrow("result is missing");
    expect(await call("ticket_finish", { claim, result: { n: 3 } })).toEqual({
      key: "TICKET-1",
      status: "done",
    });

    expect(await system.tickets.get("TICKET-1")).toMatchObject({
      status: "done",
      result: { n: 3 },
      agent: "all-ann",
    });
    await expect(call("ticket_finish", { claim, result: { n: 4 } })).rejects.toThrow("no longer held");
  });

  test("hands over in the step that finishes", async () => {
    await using system = await serveSystem({ work: false });
    const { call } = await system.connect();
    await system.tickets.task("plan");
    const { claim } = await call<Claimed>("ticket_claim");
    const seen: string[] = [];
    system.tickets.on("ticket_done", ({ ticket }) => seen.push(`${ticket} done`));
    system.tickets.on("ticket_created", ({ ticket, parent }) => seen.push(`${ticket} of ${parent}`));

    const handover = { task: "build", labels: ["build"], priority: 2 };
    expect(await call("ticket_finish", { claim, result: "the plan", handover })).toMatchObject({
      status: "done",
      follow_up: "TICKET-2",
    });

    expect(await system.tickets.get("TICKET-2")).toMatchObject({
      labels: ["build"],
      priority: 2,
      reporter: "all-ann",
    });
    expect(seen.sort()).toEqual(["TICKET-1 done", "TICKET-2 of TICKET-1"]);
  });

  test("fails what cannot be done, and gives back what it does not want", async () => {
    await using system = await serveSystem({ work: false });
    const { call } = await system.connect();
    await system.tickets.task("impossible");
    const first = await call<Claimed>("ticket_claim");

    await call("ticket_release", { claim: first.claim });
    await expect(call("ticket_release", { claim: first.claim })).rejects.toThrow("no longer held");
    const second = await call<Claimed>("ticket_claim");
    expect(second.ticket.key).toBe("TICKET-1");
    const both = { claim: second.claim, result: 1, failure: "no" };
    await expect(call("ticket_finish", both)).rejects.toThrow("not both");
    expect(await call("ticket_finish", { claim: second.claim, failure: "no such file" })).toMatchObject({
      status: "failed",
    });
    expect(await system.tickets.get("TICKET-1")).toMatchObject({ failure: { message: "no such file" } });
  });

  test("keeps its claim by renewing; a claim that ran out goes to the next worker, and the old one writes nothing", async () => {
    await using system = await serveSystem({ work: false });
    const { call } = await system.connect();
    await system.tickets.task("slow");
    const first = await call<Claimed>("ticket_claim", { lease_seconds: 1 });
    const renewed = await call<Claimed>("ticket_renew", { claim: first.claim, lease_seconds: 3_000 });
    expect(Date.parse(renewed.lease_until) - Date.parse(first.lease_until)).toBeGreaterThan(2_000_000);

    await call("ticket_renew", { claim: first.claim, lease_seconds: 1 });
    const second = await expect
      .poll(() => call<Partial<Claimed>>("ticket_claim"), { timeout: 20_000, interval: 200 })
      .toHaveProperty("claim")
      .then(() => system.tickets.get("TICKET-1"));
    expect(second).toMatchObject({ status: "in_progress" });
    for (const tool of ["ticket_renew", "ticket_release"])
      await expect(call(tool, { claim: first.claim })).rejects.toThrow("no longer held");
    await expect(call("ticket_finish", { claim: first.claim, result: "late" })).rejects.toThrow(
      "no longer held",
    );
  });

  test("learns that a claim ran out, or was given back, and that nobody has the ticket yet", async () => {
    await using system = await serveSystem({ work: false });
    const { call } = await system.connect();
    const other = await system.connect({ name: "all-bob" });
    await system.tickets.task("slow");
    const { claim } = await call<Claimed>("ticket_claim", { lease_seconds: 1 });
    // Whoever claims, whatever it is, puts what ran out back into the queue.
    await expect
      .poll(
        async () => {
          await other.call("ticket_claim", { labels: ["other"] });
          return (await system.tickets.get("TICKET-1"))?.lease;
        },
        { timeout: 20_000, interval: 200 },
      )
      .toBeUndefined();

    await expect(call("ticket_finish", { claim, result: "late" })).rejects.toThrow(
      /TICKET-1 is no longer held: it ran out or was given back, and nobody has the ticket yet.*ticket_claim/,
    );
    await expect(other.call("ticket_finish", { claim, result: "stolen" })).rejects.toThrow(
      "another worker has it or it is final",
    );
  });

  test("holds its claim over a restart of the server, and no one else can use it", async () => {
    await using system = await serveSystem({ work: false });
    const ann = await system.connect();
    const eve = await system.connect({ name: "all-eve", era: "legacy" });
    await system.tickets.task("mine");
    const { claim } = await ann.call<Claimed>("ticket_claim");

    await using restarted = await serveSystem({ tickets: system.tickets, work: false });
    await expect(eve.call("ticket_finish", { claim, result: "stolen" })).rejects.toThrow("no longer held");
    for (const guess of ["TICKET-1.1.AAAAAAAAAAAAAAAA", claim.replace(/\.\d+\./, ".2."), `${claim}x`])
      await expect(ann.call("ticket_finish", { claim: guess, result: "guessed" })).rejects.toThrow(
        "no longer held",
      );
    await expect(ann.call("ticket_finish", { claim: "mine", result: "x" })).rejects.toThrow(
      "claim is not one",
    );
    const later = await restarted.connect();
    expect(await later.call("ticket_finish", { claim, result: "ours" })).toMatchObject({ status: "done" });
  });

  test("that sees only its own tickets claims none but those of the labels that it was given", async () => {
    const principals = [{ name: "worker", claimLabels: ["math"] }];
    await using system = await serveSystem({ work: false, principals });
    const worker = await system.connect({ name: "worker" });
    const bob = await system.connect({ name: "bob" });
    await system.tickets.task("secret");
    await system.tickets.task("count", { labels: ["math"] });

    await expect(bob.call("ticket_claim")).rejects.toThrow("bob may not claim tickets without labels");
    await expect(worker.call("ticket_claim")).rejects.toThrow("it may claim math");
    await expect(worker.call("ticket_get", { key: "TICKET-2" })).rejects.toThrow(
      "There is no ticket TICKET-2.",
    );
    const { claim } = await worker.call<Claimed>("ticket_claim", { labels: ["math"] });
    expect(await worker.call("ticket_get", { key: "TICKET-2" })).toMatchObject({ ticket: { task: "count" } });
    await worker.call("ticket_finish", { claim, result: 1 });
  });
});

test("nobody who reads a claimed ticket learns the secret of the claim", async () => {
  await using system = await serveSystem({ work: false });
  const ann = await system.connect({ name: "all-ann" });
  const bob = await system.connect({ name: "all-bob" });
  await system.tickets.task("work");
  const { claim } = await ann.call<{ claim: string }>("ticket_claim", { labels: [] });
  const secret = claim.split(".")[2] ?? "";
  expect(secret).toHaveLength(16);

  for (const { call, text } of [ann, bob]) {
    for (const part of ["ticket", "task", "replies"])
      expect(await text("ticket_get", { key: "TICKET-1", part }), part).not.toContain(secret);
    expect(JSON.stringify(await call("ticket_get", { key: "TICKET-1" }))).not.toContain(secret);
    expect(JSON.stringify(await call("ticket_list"))).not.toContain(secret);
    expect(JSON.stringify(await call("ticket_wait", { keys: ["TICKET-1"], wait_seconds: 0 }))).not.toContain(
      secret,
    );
  }
  const read = await bob.client.readResource({ uri: "ticket://TICKET-1" });
  expect(JSON.stringify(read)).not.toContain(secret);
});
