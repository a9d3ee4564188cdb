import { describe, expect, it } from "vitest";
import { QuerySyntaxError } from "../query/query-syntax-error.ts";
import { says, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { TicketSystem } from "./ticket-system.ts";

async function filled() {
  const tickets = new TicketSystem({ policy: { maxTurns: 1 } });
  const script = scriptedProvider(({ messages }) =>
    JSON.stringify(messages).includes("hopeless") ? says("hm") : writesResult("found"),
  );
  tickets.agent({ labels: ["scan"], model: script.model, role: "You scan." });
  await tickets.tasks([
    { task: "scan a", labels: ["scan"] },
    { task: "scan hopeless b", labels: ["scan"] },
    { task: "scan hopeless c", labels: ["scan"] },
    { task: "other", labels: ["paint"] },
  ]);
  await tickets.runDry();
  return tickets;
}

describe("a set of tickets", () => {
  it("is a query, a filter or a predicate", async () => {
    await using tickets = await filled();
    const keys = ["TICKET-2", "TICKET-3"];

    expect((await tickets.find("scan AND status = failed")).map(({ key }) => key)).toEqual(keys);
    expect((await tickets.find({ labels: ["scan"], status: ["failed"] })).map(({ key }) => key)).toEqual(
      keys,
    );
    expect((await tickets.find(({ failure }) => failure !== undefined)).map(({ key }) => key)).toEqual(keys);
    expect((await tickets.find("ORDER BY key DESC LIMIT 1")).map(({ key }) => key)).toEqual(["TICKET-4"]);
    await expect(tickets.find("status = broken")).rejects.toThrow(QuerySyntaxError);
  });

  it("can be cancelled, retried and pruned", async () => {
    await using tickets = await filled();

    expect((await tickets.cancelAll("status = todo", "not needed")).map(({ status }) => status)).toEqual([
      "cancelled",
    ]);
    const retried = await tickets.retryAll("failure = turns_exhausted AND key = TICKET-2", {
      note: "look harder",
    });
    expect(retried.map(({ key, status }) => [key, status])).toEqual([["TICKET-2", "todo"]]);
    expect(await tickets.prune("status IN (done, cancelled)")).toBe(2);
    expect(await tickets.prune(({ status }) => status === "failed")).toBe(1);
    expect((await tickets.find()).map(({ key }) => key)).toEqual(["TICKET-2"]);
  });

  it("leaves out what changed meanwhile instead of failing", async () => {
    await using tickets = await filled();

    expect(await tickets.retryAll("status = done")).toEqual([]);
    expect(await tickets.cancelAll("status = done")).toEqual([]);
  });
});
