import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { AgentOptions } from "../agent/agent-definition.ts";
import { memoryStore } from "../store/memory/memory-store.ts";
import type { TicketStore } from "../store/ticket-store.ts";
import { Agent } from "../system/agent.ts";
import { TicketSystem } from "../system/ticket-system.ts";
import {
  calls,
  type ScriptedReply,
  says,
  scriptedProvider,
  writesResult,
} from "../testing/scripted-provider.ts";
import { askHuman } from "../tool/ask-human.ts";
import { manageTickets } from "../tool/manage-tickets.ts";
import { writeHandover } from "../tool/write-handover.ts";

const leaseDuration = 100;

/**
 * A worker on a slow disk: each of its commits takes longer than what is noted may wait. It stalls before the one that
 * ends its ticket.
 */
function stalling(store: TicketStore) {
  const stalled = Promise.withResolvers<void>();
  const wakes = Promise.withResolvers<void>();
  const commit: TicketStore["commit"] = async (lease, change, options) => {
    await delay(60);
    if (change.outcome !== undefined) {
      stalled.resolve();
      await wakes.promise;
    }
    return store.commit(lease, change, options);
  };
  let claims = 0;
  const claim: TicketStore["claim"] = async (request) => (claims++ === 0 ? store.claim(request) : []);
  const slow: TicketStore = { ...store, claim, commit, renew: async () => [] };
  return { slow, stalled: stalled.promise, wake: wakes.resolve };
}

interface Situation {
  readonly agent?: Partial<AgentOptions>;
  readonly bare?: boolean;
  /** Whether the ticket has an open child. */
  readonly child?: boolean;
  /** What the model answers to the worker that takes over; nothing, unless given. */
  readonly second?: readonly ScriptedReply[];
}

/** One worker stalls between the model's last answer and the outcome, and another takes over. */
async function takeOver(reply: ScriptedReply, situation: Situation = {}) {
  const { agent, bare = false, child = false } = situation;
  const store = memoryStore();
  const options = { role: "You work.", tools: [askHuman(), writeHandover(), manageTickets()], ...agent };
  const [ticket] = await store.insert([{ task: "the task" }]);
  if (ticket === undefined) throw new Error("Nothing was filed.");
  if (child) await store.insert([{ task: "a part of it", parent: ticket.key, labels: ["later"] }]);
  const ticketNow = async () => (await store.get(ticket.key)) ?? ticket;
  const { slow, stalled, wake } = stalling(store);
  const work = (on: TicketStore, model: AgentOptions["model"]) => {
    const tickets = new TicketSystem({ store: on, leaseDuration });
    tickets.agent(bare ? Agent.bare({ ...options, model }) : new Agent({ ...options, model }));
    return tickets.runDry();
  };
  // A commit is under way when the answer comes.
  const first = work(slow, scriptedProvider([() => delay(40).then(() => reply)]).model);
  await stalled;
  const second = scriptedProvider(situation.second ?? []);
  await work(store, second.model);
  const afterTakeOver = await ticketNow();
  wake();
  await first;
  expect(await ticketNow()).toEqual(afterTakeOver);
  second.assertFinished();
  return { requests: second.requests, ticket: afterTakeOver, store };
}

describe("a worker that vanished after the last answer was paid for and before the outcome was on record", () => {
  it("leaves a result that the next one writes, without asking the model again", async () => {
    const { requests, ticket } = await takeOver(writesResult("done"));

    expect(requests).toEqual([]);
    expect(ticket).toMatchObject({ status: "done", result: "done", work: { turns: 1 } });
  });

  it("leaves a handover with one follow-up", async () => {
    const { requests, ticket, store } = await takeOver(
      calls(["write_handover", { result: 1, task: "the rest", labels: ["later"] }]),
    );

    expect(requests).toEqual([]);
    expect(ticket).toMatchObject({ status: "done", result: 1 });
    expect((await store.find({})).map(({ task }) => task)).toEqual(["the task", "the rest"]);
  });

  it("leaves a question that the next one puts", async () => {
    const { requests, ticket } = await takeOver(calls(["ask_human", { question: "Which colour?" }]));

    expect(requests).toEqual([]);
    expect(ticket).toMatchObject({
      status: "waiting",
      waiting: { for: "reply", question: "Which colour?" },
    });
  });

  it("leaves a parent that waits for its children, and is told nothing of them before they are done", async () => {
    const { ticket, store } = await takeOver(calls(["manage_tickets", { action: "wait" }]), {
      child: true,
      second: [calls(["manage_tickets", { action: "wait" }])],
    });

    expect(ticket).toMatchObject({ status: "waiting", waiting: { for: "children" } });
    const replies = await store.replies(ticket.key);
    expect(replies.filter(({ purpose }) => purpose === "outcomes")).toEqual([]);
  });

  it("has the text of an agent without a finishing tool asked for again, in a conversation that ends with the task", async () => {
    const { ticket, requests } = await takeOver(says("42"), {
      bare: true,
      agent: { tools: [] },
      second: [says("42")],
    });

    expect(requests.map(({ messages }) => messages.map(({ role }) => role))).toEqual([["user"]]);
    expect(ticket).toMatchObject({ status: "done", result: "42", work: { turns: 2 } });
  });

  it("has what an interactive agent said asked for again, in a conversation that ends with the task", async () => {
    const { ticket, requests } = await takeOver(says("Hello!"), {
      agent: { interactive: true },
      second: [says("Hello!")],
    });

    expect(requests.map(({ messages }) => messages.map(({ role }) => role))).toEqual([["user"]]);
    expect(ticket).toMatchObject({ waiting: { for: "reply", question: "Hello!" } });
  });
});
