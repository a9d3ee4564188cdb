import { TicketSystem } from "@agentwerk/core";
import { describe, expect, test } from "vitest";
import { echoAgent } from "./testing/agents.ts";
import { type Accepted, fixtureBaseline, ticketBaseline } from "./testing/conformance/baseline.ts";
import { fixtureService } from "./testing/conformance/fixture-service.ts";
import { runConformance } from "./testing/run-conformance.ts";
import { ticketService } from "./ticket-service.ts";

const revisions = ["2025-11-25", "2026-07-28"] as const;
const timeout = 300_000;

describe.each(revisions)(
  "the official conformance suite, all that %s requires and what it runs besides",
  (revision) => {
    test("its own fixture passes whole behind our HTTP server", { timeout }, async () => {
      const { scenarios, failed, messages } = await runConformance(fixtureService(), revision);

      expect(failed, messages).toEqual(checksOf(fixtureBaseline[revision]));
      expect(scenarios.length).toBeGreaterThan(30);
    });

    test("the ticket server passes what applies to it", { timeout }, async () => {
      await using tickets = new TicketSystem({ agents: [echoAgent()] });
      const service = ticketService(tickets, { profile: "work" });
      const { scenarios, failed, messages } = await runConformance(service, revision);

      expect(failed, messages).toEqual(checksOf(ticketBaseline[revision]));
      expect(scenarios.length).toBeGreaterThan(30);
    });
  },
);

function checksOf(accepted: Readonly<Record<string, Accepted>>): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(accepted).map(([scenario, { checks }]) => [scenario, checks]));
}
