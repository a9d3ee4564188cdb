import { expect, test } from "vitest";
import { scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { TicketSystem } from "./ticket-system.ts";

test("a run without an end holds the latest 10,000 of the tickets that ended, in their order", async () => {
  const total = 10_050;
  const { model } = scriptedProvider(() => writesResult("done"));
  await using tickets = new TicketSystem();
  tickets.agent({ model, role: "You work.", concurrency: 100 });
  let ended = 0;
  const allEnded = new Promise<void>((resolve) => {
    tickets.on("ticket_done", () => {
      ended += 1;
      if (ended === total) resolve();
    });
  });
  const handles = await tickets.tasks(Array.from({ length: total }, (_, task) => ({ task })));
  const running = tickets.run();
  await allEnded;
  tickets.stop();

  const results = await running;
  expect(results.tickets).toHaveLength(10_000);
  expect(results.tickets.some(({ key }) => key === handles[0]?.key)).toBe(false);
  expect(results.tickets.at(-1)?.key).toBe(handles.at(-1)?.key);
}, 60_000);
