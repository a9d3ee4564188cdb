import type { Claim, TicketStore } from "@agentwerk/core";
import { sqliteStore } from "@agentwerk/core/sqlite";

/** What the benchmark asks a worker process for; it answers with one {@link WorkReport}. */
export type WorkOrder =
  | {
      readonly type: "drain";
      readonly path: string;
      readonly durability: "full" | "process";
      readonly resultBytes: number;
    }
  /** Claims at each wake-up and tells when the ticket was started. */
  | { readonly type: "wait"; readonly path: string; readonly tickets: number };

export interface WorkReport {
  readonly finished: number;
  readonly cpuMs: number;
  /** Milliseconds from insert to start, for `wait`. */
  readonly latencies: readonly number[];
}

const slots = 10;
const wants = (limit: number) => [{ agent: "agent", labels: ["work"], limit }];
const claim = (store: TicketStore, limit: number): Promise<readonly Claim[]> =>
  store.claim({ worker: `worker ${process.pid}`, leaseMs: 60_000, wants: wants(limit) });

/** Ten slots that claim and finish until the queue is empty; a freed slot's claim rides with the commit that freed it. */
async function drain(store: TicketStore, resultBytes: number): Promise<number> {
  const result = { text: "x".repeat(Math.max(0, resultBytes - '{"text":""}'.length)) };
  let finished = 0;
  const slot = async (first: Claim): Promise<void> => {
    for (let current: Claim | undefined = first; current !== undefined; ) {
      const commit = store.commit(current.lease, { outcome: { status: "done", result } });
      const [, next]: [unknown, readonly Claim[]] = await Promise.all([commit, claim(store, 1)]);
      finished += 1;
      current = next[0];
    }
  };
  await Promise.all((await claim(store, slots)).map(slot));
  return finished;
}

/** A task is the time of its insert on the clock that all processes of a machine share. */
export function countLatencies(store: TicketStore, tickets: number): Promise<number[]> {
  const latencies: number[] = [];
  return new Promise((resolve) => {
    const take = async (): Promise<void> => {
      for (const { ticket, lease } of await claim(store, slots)) {
        latencies.push(performance.timeOrigin + performance.now() - Number(ticket.task));
        void store.commit(lease, { outcome: { status: "done", result: null } });
      }
      if (latencies.length === tickets) resolve(latencies);
    };
    store.watch((notice) => {
      const isNews =
        notice.origin === "remote" || notice.events.some(({ type }) => type === "ticket_created");
      if (isNews) void take();
    });
  });
}

async function work(order: WorkOrder): Promise<WorkReport> {
  const durability = order.type === "drain" ? order.durability : "full";
  const store = sqliteStore({ path: order.path, durability });
  const before = process.cpuUsage();
  let finished = 0;
  let latencies: readonly number[] = [];
  if (order.type === "drain") finished = await drain(store, order.resultBytes);
  else {
    const counting = countLatencies(store, order.tickets);
    process.send?.("watching");
    latencies = await counting;
  }
  const { user, system } = process.cpuUsage(before);
  const report = { finished, latencies, cpuMs: (user + system) / 1_000 };
  await store.close();
  return report;
}

if (process.send !== undefined) {
  // Not `once`: without a listener the channel would no longer keep this process alive.
  process.on("message", (order: WorkOrder) => {
    void work(order).then((report) => process.send?.(report, () => process.disconnect()));
  });
  process.send("ready");
}
