import { expect } from "vitest";
import type { StepChange } from "../../store/ticket-store.ts";
import { claimOne, done, insertOne, type StoreCase, ticketNow } from "./store-case.ts";

const failing = (message: string, model: string): StepChange => ({
  work: { turns: 2, cost: 0.5 },
  outcome: { status: "failed", failure: { reason: "turns_exhausted", message }, model },
});

export const attemptCases: readonly StoreCase[] = [
  {
    id: "attempts_kept",
    title:
      "every attempt that failed stays on the ticket, with agent, model, failure, times and the work of it alone",
    async run({ store, clock, passTime }) {
      const { key } = await insertOne(store);
      const startedAt = clock.now();
      await store.commit((await claimOne(store)).lease, failing("first", "vendor:small"));
      await passTime(50);
      const retried = await store.update(key, { type: "retry", model: "vendor:large" });
      expect(retried).toMatchObject({ status: "todo", model: "vendor:large", failures: [{ attempt: 1 }] });
      expect(retried).not.toHaveProperty("failure");
      const [event] = await store.events({ ticket: key, types: ["ticket_retried"] });
      expect(event).toMatchObject({ model: "vendor:large" });
      const again = await claimOne(store, { wants: [{ agent: "other", labels: [], limit: 1 }] });
      expect(again.ticket).toMatchObject({ model: "vendor:large", failures: [{ attempt: 1 }] });
      await store.release(again.lease);
      const resumed = await claimOne(store, { wants: [{ agent: "other", labels: [], limit: 1 }] });
      await store.commit(resumed.lease, failing("second", "vendor:large"));
      const { failures, failure, work } = await ticketNow(store, { key });
      expect(failure).toMatchObject({ message: "second" });
      expect(failures).toMatchObject([
        {
          attempt: 1,
          agent: "agent",
          model: "vendor:small",
          failure: { message: "first" },
          work: { steps: 1, turns: 2, cost: 0.5 },
        },
        {
          attempt: 2,
          agent: "other",
          model: "vendor:large",
          failure: { message: "second" },
          work: { steps: 2, turns: 2, cost: 0.5 },
        },
      ]);
      expect(work).toMatchObject({ steps: 3, turns: 4, cost: 1 });
      const [first, second] = failures ?? [];
      expect(first?.startedAt ?? 0).toBeGreaterThanOrEqual(startedAt);
      expect(first?.endedAt ?? 0).toBeLessThan(second?.startedAt ?? 0);
      expect(second?.endedAt).toBe((await ticketNow(store, { key })).finishedAt);
    },
  },
  {
    id: "attempts_of_done",
    title:
      "a ticket that is done at last keeps its failed attempts; one that fails before it began has no agent there",
    async run({ store }) {
      const blocker = await insertOne(store);
      const dependent = await insertOne(store, { blockedBy: [blocker.key], onBlockerFailed: "fail" });
      await store.commit((await claimOne(store)).lease, failing("first", "vendor:small"));
      await store.update(blocker.key, { type: "retry" });
      await store.commit((await claimOne(store)).lease, done);
      expect(await ticketNow(store, blocker)).toMatchObject({ status: "done", failures: [{ attempt: 1 }] });
      const [failed] = (await ticketNow(store, dependent)).failures ?? [];
      expect(failed).toMatchObject({ attempt: 0, failure: { reason: "blocked" } });
      for (const absent of ["agent", "model", "startedAt"]) expect(failed).not.toHaveProperty(absent);
    },
  },
  {
    id: "attempts_blank_model",
    title: "a retry with an empty model is refused",
    async run({ store }) {
      const { key } = await insertOne(store);
      await store.commit((await claimOne(store)).lease, failing("first", "vendor:small"));
      await expect(store.update(key, { type: "retry", model: "" })).rejects.toMatchObject({
        code: "invalid_input",
        field: "model",
      });
    },
  },
];
