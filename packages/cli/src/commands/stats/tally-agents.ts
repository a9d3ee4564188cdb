import {
  addUsage,
  noUsage,
  type Tally,
  type Ticket,
  type TicketKey,
  type TicketSystem,
} from "@agentwerk/core";

const page = 1_000;

/**
 * Tallies of the tickets that are in the store, by the agent that works or worked each last. The store keeps none of these,
 * so every ticket is looked at; pruned ones are missing.
 */
export async function tallyAgents(tickets: TicketSystem): Promise<ReadonlyMap<string, Tally>> {
  const tallies = new Map<string, Tally>();
  let after: TicketKey | undefined;
  for (;;) {
    const found = await tickets.find({ after, limit: page });
    for (const ticket of found) {
      if (ticket.agent !== undefined)
        tallies.set(ticket.agent, add(tallies.get(ticket.agent) ?? nothing, ticket));
    }
    after = found.at(-1)?.key;
    if (found.length < page) return tallies;
  }
}

const nothing: Tally = {
  created: 0,
  done: 0,
  failed: 0,
  cancelled: 0,
  ticketMs: 0,
  work: { steps: 0, turns: 0, requests: 0, toolCalls: 0, errors: 0, workMs: 0, usage: noUsage, cost: 0 },
};

function add(tally: Tally, { status, work, createdAt, finishedAt }: Ticket): Tally {
  const sum = tally.work;
  return {
    created: tally.created + 1,
    done: tally.done + (status === "done" ? 1 : 0),
    failed: tally.failed + (status === "failed" ? 1 : 0),
    cancelled: tally.cancelled + (status === "cancelled" ? 1 : 0),
    ticketMs: tally.ticketMs + (finishedAt === undefined ? 0 : finishedAt - createdAt),
    work: {
      steps: sum.steps + work.steps,
      turns: sum.turns + work.turns,
      requests: sum.requests + work.requests,
      toolCalls: sum.toolCalls + work.toolCalls,
      errors: sum.errors + work.errors,
      workMs: sum.workMs + work.workMs,
      usage: addUsage(sum.usage, work.usage),
      cost: sum.cost + work.cost,
    },
  };
}
