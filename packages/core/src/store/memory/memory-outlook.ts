import type { TicketKey } from "../../ticket/ticket-key.ts";
import { queuesOf, queuesOfTicket } from "../engine/claim-tickets.ts";
import type { OpenCounts } from "../rules/tally-book.ts";
import type { Outlook, Want } from "../ticket-store.ts";
import type { MemoryQueue } from "./memory-queue.ts";

export function memoryOutlook(options: {
  readonly queue: MemoryQueue;
  readonly open: OpenCounts;
  readonly wants: readonly Want[];
  readonly now: number;
}): Outlook {
  const { queue, open, wants, now } = options;
  const labels = new Set(wants.flatMap(queuesOf));
  const enough = wants.reduce((sum, { limit }) => sum + limit, 0);
  const claimable = new Set<TicketKey>();
  let nextAt = queue.nextDueAfter([...labels], now);
  for (const { key } of queue.claimable([...labels], now)) {
    if (claimable.size >= enough) break;
    claimable.add(key);
  }
  let leased = 0;
  for (const state of queue.leases()) {
    const { leaseUntil = 0 } = state;
    if (leaseUntil > now) {
      leased += 1;
      nextAt = Math.min(nextAt, leaseUntil);
    } else if (queuesOfTicket(state.labels).some((label) => labels.has(label))) claimable.add(state.key);
  }
  return {
    todo: open.todo,
    inProgress: open.in_progress,
    waiting: open.waiting,
    leased,
    claimable: Math.min(claimable.size, enough),
    ...(Number.isFinite(nextAt) && { nextAt }),
  };
}
