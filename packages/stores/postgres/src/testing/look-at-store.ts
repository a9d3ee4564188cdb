import type { TicketStore } from "@agentwerk/core";
import type { StoreArchive } from "@agentwerk/core/store-kit";

/** All that a store tells of its tickets, with the times. */
export async function lookAt(store: TicketStore): Promise<unknown> {
  const tickets = await store.find({});
  const events = await store.events({ limit: 100_000 });
  const labels = ["", ...new Set(tickets.flatMap((ticket) => ticket.labels))];
  return {
    tickets,
    replies: await Promise.all(tickets.map(({ key }) => store.replies(key))),
    events,
    pages: await Promise.all(
      events.filter((_, place) => place % 7 === 0).map(({ id }) => store.events({ after: id, limit: 3 })),
    ),
    ofTickets: await Promise.all(tickets.map(({ key: ticket }) => store.events({ ticket }))),
    totals: await store.totals(),
    outlook: await store.outlook([{ agent: "agent", labels, limit: 1_000 }]),
    accounts: await Promise.all([store.account(), ...tickets.map(({ key }) => store.account(key))]),
  };
}

/** The records of a namespace as lines of JSON. */
export async function recordsOf(archive: StoreArchive): Promise<readonly string[]> {
  await using snapshot = await archive.open();
  const lines: string[] = [];
  for await (const record of snapshot.records()) lines.push(JSON.stringify(record));
  return lines;
}
