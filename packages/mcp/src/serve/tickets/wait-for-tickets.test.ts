import { memoryStore, systemClock, TicketSystem } from "@agentwerk/core";
import { expect, test } from "vitest";
import { localPrincipal } from "../principal.ts";
import { TicketAccess } from "./ticket-access.ts";
import { TicketWatch } from "./ticket-watch.ts";
import { type WaitOptions, waitForTickets } from "./wait-for-tickets.ts";

test("a client that goes while the first look is under way ends the wait and nothing else", async () => {
  const store = memoryStore();
  const found = Promise.withResolvers<void>();
  const slow: typeof store = { ...store, find: (filter) => found.promise.then(() => store.find(filter)) };
  await using tickets = new TicketSystem({ store: slow });
  const { key } = await tickets.task("nobody");
  const watch = new TicketWatch({ store: slow, clock: systemClock });
  const gone = new AbortController();
  const options: WaitOptions = {
    access: new TicketAccess({ tickets, principal: localPrincipal }),
    watch,
    keys: [key],
    until: "all",
    waitMs: 60_000,
    signal: gone.signal,
    closing: new AbortController().signal,
    onProgress: () => {},
  };

  const waiting = waitForTickets(options);
  setTimeout(() => gone.abort(), 10);
  setTimeout(() => found.resolve(), 50);

  // A rejection that nobody handles in between would fail the test run.
  await expect(waiting).rejects.toMatchObject({ code: "aborted" });
  await expect(waitForTickets(options)).rejects.toMatchObject({ code: "aborted" });
  watch.close();
});
