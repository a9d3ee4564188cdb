import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TicketSystem } from "../system/ticket-system.ts";
import { recordEvents } from "../testing/event-recorder.ts";
import {
  calls,
  fails,
  type ScriptStep,
  says,
  scriptedProvider,
  writesResult,
} from "../testing/scripted-provider.ts";
import { systemClock } from "../util/clock.ts";
import { retryDelay } from "./retry-delay.ts";

const dayMs = 86_400_000;
const longestMs = 3_650 * dayMs;

/** A clock whose timers fire at once, and that notes how long each was meant to be. */
function hastyClock(delays: number[]): typeof systemClock {
  return {
    now: systemClock.now,
    setTimer(task, delayMs, options) {
      if (
        delayMs >= 400 &&
        (delayMs < 3_000_000 || (delayMs >= dayMs && delayMs <= longestMs)) &&
        options?.keepAlive === true
      ) {
        delays.push(delayMs);
        return systemClock.setTimer(task, 0, options);
      }
      return systemClock.setTimer(task, delayMs, options);
    },
  };
}

async function work(
  script: readonly ScriptStep[],
  policy: { maxRequestRetries?: number; toolTimeout?: "1h" } = {},
) {
  const delays: number[] = [];
  const provider = scriptedProvider(script);
  const tickets = new TicketSystem({
    policy: { toolTimeout: "1h", ...policy },
    clock: hastyClock(delays),
    random: () => 1,
  });
  const events = recordEvents(tickets);
  tickets.agent({ model: provider.model, role: "You work." });
  const handle = await tickets.task("work");
  await tickets.runDry();
  provider.assertFinished();
  events[Symbol.dispose]();
  return { ticket: await handle.get(), requests: provider.requests, events, delays };
}

describe("a request that fails", () => {
  it("is sent again with pauses that double, and the conversation unchanged", async () => {
    const { requests, delays, events, ticket } = await work([
      fails("overloaded"),
      fails("server_failed"),
      fails("connection_failed"),
      writesResult("done"),
    ]);

    expect(delays.slice(0, 3)).toEqual([500, 1_000, 2_000]);
    expect(new Set(requests.map(({ messages }) => JSON.stringify(messages))).size).toBe(1);
    expect(events.of("request_retried").map(({ retry, reason }) => [retry, reason])).toEqual([
      [1, "overloaded"],
      [2, "server_failed"],
      [3, "connection_failed"],
    ]);
    expect(ticket).toMatchObject({ status: "done", work: { requests: 4, turns: 1, errors: 3 } });
  });

  it("waits as long as the vendor asks", async () => {
    const { delays } = await work([fails("rate_limited", { retryAfterMs: 45_000 }), writesResult("done")]);

    expect(delays[0]).toBe(45_000);
  });

  it("waits a whole day, if the vendor asks for it", async () => {
    const { ticket, events } = await work([
      fails("rate_limited", { retryAfterMs: dayMs }),
      writesResult("done"),
    ]);

    expect(events.of("request_retried")).toMatchObject([{ delayMs: dayMs }]);
    expect(ticket.status).toBe("done");
  });

  it("fails the ticket at once when the vendor asks for more than a day", async () => {
    const { ticket, requests, events } = await work([fails("rate_limited", { retryAfterMs: longestMs })]);

    expect(requests).toHaveLength(1);
    expect(events.of("request_retried")).toEqual([]);
    expect(events.of("request_failed")).toMatchObject([{ reason: "rate_limited" }]);
    expect(ticket).toMatchObject({
      status: "failed",
      failure: {
        reason: "request_failed",
        message: expect.stringMatching(
          /\(not tried again: the service asks to be left alone for 3650 days\)$/,
        ),
      },
    });
  });

  it("fails the ticket when the retries are used up", async () => {
    const { ticket, requests } = await work([fails("overloaded"), fails("overloaded")], {
      maxRequestRetries: 1,
    });

    expect(requests).toHaveLength(2);
    expect(ticket).toMatchObject({ status: "failed", failure: { reason: "request_failed" } });
  });

  it("is not sent again when that cannot help", async () => {
    const { ticket, events } = await work([fails("authentication_failed")]);

    expect(ticket.failure?.reason).toBe("request_failed");
    expect(events.of("request_failed")).toMatchObject([{ reason: "authentication_failed" }]);
  });

  it("for lack of context window says so", async () => {
    const { ticket } = await work([fails("context_window_exceeded")]);

    expect(ticket.failure?.reason).toBe("context_window_exceeded");
  });
});

describe("requests of one ticket", () => {
  it("begin with the same bytes, turn after turn", async () => {
    const { requests } = await work([says("a"), calls(["nonsense", {}]), says("b"), writesResult("done")]);

    for (const [index, request] of requests.entries()) {
      const before = requests[index - 1];
      if (before === undefined) continue;
      expect(request.system).toBe(before.system);
      expect(JSON.stringify(request.tools)).toBe(JSON.stringify(before.tools));
      expect(request.messages.length).toBeGreaterThan(before.messages.length);
      expect(JSON.stringify(request.messages.slice(0, before.messages.length))).toBe(
        JSON.stringify(before.messages),
      );
    }
  });
});

describe("the pause before a retry", () => {
  it("stays between half and the whole of the doubled base, and below 32 s", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (retry, chance) => {
          const delay = retryDelay({ retry, baseMs: 500, retryAfterMs: undefined, random: () => chance });
          const whole = Math.min(32_000, 500 * 2 ** (retry - 1));
          expect(delay).toBeGreaterThanOrEqual(whole / 2);
          expect(delay).toBeLessThanOrEqual(whole);
        },
      ),
    );
  });
});
