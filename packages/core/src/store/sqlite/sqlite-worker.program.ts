import { sleep, systemClock } from "../../util/clock.ts";
import type { Claim, TicketStore } from "../ticket-store.ts";
import { sqliteStore } from "./sqlite-store.ts";

/** What the process tests let another process do: `node sqlite-worker.program.ts <role> <path>`; it answers in lines of JSON. */
const [role = "", path = ""] = process.argv.slice(2);
const worker = `worker ${process.pid}`;
const wants = [{ agent: "agent", labels: [], limit: 1 }];

function say(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** Ten slots; the claim for a freed slot rides with the commit that freed it. */
async function drain(store: TicketStore): Promise<void> {
  const finished: string[] = [];
  const slot = async (): Promise<void> => {
    let claims = await store.claim({ worker, wants, leaseMs: 60_000 });
    for (let current = claims[0]; current !== undefined; current = claims[0]) {
      const { lease, ticket } = current;
      const outcome = { status: "done", result: { by: worker } } as const;
      [, claims] = await Promise.all([
        store.commit(lease, { outcome }),
        store.claim({ worker, wants, leaseMs: 60_000 }),
      ]);
      finished.push(ticket.key);
    }
  };
  await Promise.all(Array.from({ length: 10 }, slot));
  say({ finished });
}

/** Claims, talks, hands over and inserts without end, until it is killed. */
async function churn(store: TicketStore): Promise<void> {
  const step = async ({ lease }: Claim, round: number): Promise<void> => {
    const content = [{ type: "text", text: "x".repeat(round % 3_000) }] as const;
    await store.commit(lease, {
      replies: [{ message: { role: "user", content }, purpose: "comment" }],
      work: { turns: 1 },
      events: [{ type: "turn_started", turn: round, labels: [], ticket: lease.key }],
    });
    if (round % 3 === 0) return;
    await store.commit(lease, { outcome: { status: "done", result: round }, children: [{ task: round }] });
  };
  say("started");
  for (let round = 0; ; round++) {
    const claims = await store.claim({
      worker,
      leaseMs: 300,
      wants: [{ agent: "agent", labels: [], limit: 5 }],
    });
    if (claims.length === 0) await store.insert(Array.from({ length: 5 }, () => ({ task: round })));
    await Promise.all(claims.map((claim) => step(claim, round)));
  }
}

/** Takes a ticket, tells, sleeps in short pieces past its lease and then tries to finish the ticket. */
async function stall(store: TicketStore): Promise<void> {
  const [claim] = await store.claim({ worker, wants, leaseMs: 200 });
  if (claim === undefined) throw new Error("There was nothing to claim.");
  say("claimed");
  for (let nap = 0; nap < 40; nap++) await sleep(10, { clock: systemClock });
  const change = { outcome: { status: "done", result: "stale" }, children: [{ task: "stale" }] } as const;
  const code = await store.commit(claim.lease, change).then(
    () => "written",
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : String(error)),
  );
  say({ code });
}

/** Inserts one ticket at a time and waits for word that it was heard of. */
async function insertSlowly(store: TicketStore): Promise<void> {
  say("ready");
  for await (const line of process.stdin) {
    if (String(line).includes("stop")) break;
    await store.insert([{ task: "one more" }]);
  }
  process.stdin.destroy();
}

async function insertOne(store: TicketStore): Promise<void> {
  say("ready");
  await new Promise((resolve) => process.stdin.once("data", resolve));
  process.stdin.destroy();
  await store.insert([{ task: process.pid }]);
  say({ at: Date.now() });
}

/** Inserts and reads without end; says how much it did whenever it is asked. */
async function bustle(store: TicketStore): Promise<void> {
  let asked = 0;
  let rounds = 0;
  let answered = 0;
  process.stdin.on("data", () => {
    asked += 1;
  });
  say("started");
  while (asked < 3) {
    await store.insert([{ task: rounds, labels: ["bustle"] }]);
    await store.find({ limit: 1 });
    rounds += 1;
    if (asked > answered) {
      answered += 1;
      say({ rounds });
    }
  }
  process.stdin.destroy();
}

/** Watches and does nothing: it has to cost nothing, and to end by itself when told to leave. */
async function idle(store: TicketStore): Promise<void> {
  store.watch(() => undefined);
  await sleep(300, { clock: systemClock });
  const before = process.cpuUsage();
  await sleep(1_000, { clock: systemClock });
  const { user, system } = process.cpuUsage(before);
  say({ cpuMs: (user + system) / 1_000 });
}

const roles: Readonly<Record<string, (store: TicketStore) => Promise<void>>> = {
  drain,
  churn,
  stall,
  insert: insertOne,
  "insert-slowly": insertSlowly,
  idle,
  bustle,
};

const store = sqliteStore({ path, durability: role === "insert-slowly" ? "full" : "process" });
await roles[role]?.(store);
// An idle watcher does not close its store: it shows that nothing keeps the process alive.
if (role !== "idle") await store.close();
