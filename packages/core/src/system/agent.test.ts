import { describe, expect, it } from "vitest";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { Agent } from "./agent.ts";
import { TicketSystem } from "./ticket-system.ts";

const knowledge: Knowledge = {
  list: async () => [],
  read: async () => undefined,
  write: async ({ slug, description, body }) => ({
    slug,
    description,
    body,
    type: "note",
    tags: [],
    timestamp: 0,
  }),
  remove: async () => false,
  index: async () => "- deploy-steps: how we deploy",
};

describe("an agent", () => {
  it("with knowledge has its index in the system prompt and the tool to use it", async () => {
    const script = scriptedProvider([writesResult("done")]);
    await using tickets = new TicketSystem();
    tickets.agent(new Agent({ model: script.model, role: "You work.", knowledge }));
    await tickets.task("work");
    await tickets.runDry();

    expect(script.requests[0]?.system).toContain("deploy-steps: how we deploy");
    expect(script.requests[0]?.tools.map(({ name }) => name)).toEqual(["write_result", "knowledge"]);
  });

  it("fails its single task with the failure of the ticket", async () => {
    const script = scriptedProvider(() => ({ failure: { reason: "authentication_failed" } }));
    const agent = new Agent({ model: script.model, role: "You work." });

    await expect(agent.run("work")).rejects.toMatchObject({
      code: "ticket_failed",
      failure: { reason: "request_failed" },
    });
  });

  it("streams the text of its single task, and stops it by a signal", async () => {
    const script = scriptedProvider([{ content: [{ type: "text", text: "42" }] }]);
    const texts: string[] = [];
    const agent = Agent.bare({ model: script.model, role: "You answer." });
    expect(await agent.run("?", { onText: (text) => texts.push(text) })).toBe("42");
    expect(texts).toEqual(["42"]);

    const hanging = new Agent({ model: scriptedProvider(() => ({ hangs: true })).model, role: "You hang." });
    await expect(hanging.run("?", { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
      name: "TimeoutError",
    });
  });
});
