// A worker process for the fault tests: works the tickets of a namespace until there are none, or until it is killed.
import { Agent, defineTool, TicketSystem, writeHandover } from "@agentwerk/core";
import { calls, type ScriptedReply, scriptedProvider, writesResult } from "@agentwerk/core/testing";
import pg from "pg";
import { postgres } from "../postgres-store.ts";

type Answer = (request: { readonly messages: readonly unknown[] }) => ScriptedReply;

const [url = "", namespace = "", mode = "drain", options = "{}"] = process.argv.slice(2);
const worker = `${mode}-${process.pid}`;
const store = postgres(url, { ...JSON.parse(options), namespace, poolSize: 2 });
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The plain contract: claims, and finishes what it got. */
async function drain(): Promise<void> {
  const wants = [{ agent: "agent", labels: [], limit: 5 }];
  say("started");
  for (;;) {
    const claims = await store.claim({ worker, leaseMs: 30_000, wants });
    await Promise.all(
      claims.map(({ lease }) => store.commit(lease, { outcome: { status: "done", result: worker } })),
    );
    if (claims.length > 0) continue;
    const { todo, inProgress } = await store.outlook(wants);
    if (todo + inProgress === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Claims one ticket, stops like a machine that stalls, and then writes as if nothing had happened. */
async function stall(): Promise<void> {
  const wants = [{ agent: "agent", labels: [], limit: 1 }];
  const [claim] = await store.claim({ worker, leaseMs: 500, wants });
  if (claim === undefined) throw new Error("There was nothing to claim.");
  say("stalling");
  process.kill(process.pid, "SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, 0));
  await store.commit(claim.lease, { outcome: { status: "done", result: "stale" } }).then(
    () => say("written"),
    (error: unknown) => say(`refused ${String(error)}`),
  );
}

/** Agents with a model, a tool that charges, and handovers. */
async function system(): Promise<void> {
  const effects = new pg.Pool({ connectionString: url, max: 2, allowExitOnIdle: true });
  effects.on("error", () => undefined);
  const charge = defineTool({
    name: "charge",
    description: "Charges once.",
    input: { type: "object", properties: {} },
    async run(_input, { callId, ticket }) {
      await effects.query(
        "INSERT INTO effects (namespace, ticket, call_id, worker) VALUES ($1, $2, $3, $4)",
        [namespace, ticket?.key, callId, worker],
      );
      // Long enough for many kills to fall between the effect and its answer.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 200));
      return "charged";
    },
  });
  const answer: Answer = ({ messages }) => {
    const text = JSON.stringify(messages);
    const depth = Number(/depth (\d+)/.exec(text)?.[1] ?? 0);
    if (!text.includes('"charged"')) return calls(["charge", {}]);
    return depth === 0
      ? writesResult("bottom")
      : calls(["write_handover", { result: depth, task: `depth ${depth - 1}` }]);
  };
  const { model } = scriptedProvider((request) => answer(request));
  const tickets = new TicketSystem({
    store,
    leaseDuration: "1s",
    policy: { maxHandovers: 100, maxAttempts: 100 },
  });
  tickets.agent(
    new Agent({ name: "agent", model, role: "You work.", tools: [charge, writeHandover()], concurrency: 10 }),
  );
  say("started");
  const { reason } = await tickets.runDry();
  say(`ended ${reason}`);
  await tickets.close();
  await effects.end();
}

const modes: Readonly<Record<string, () => Promise<void>>> = { drain, stall, system };
await modes[mode]?.();
await store.close();
