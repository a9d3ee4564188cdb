import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TicketSystem } from "../system/ticket-system.ts";
import { scriptedProvider } from "../testing/scripted-provider.ts";
import { sleep, systemClock } from "./clock.ts";

const dayMs = 86_400_000;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a timer of many weeks fires when its time has come, not before", () => {
  const task = vi.fn<() => void>();
  systemClock.setTimer(task, 60 * dayMs);
  vi.advanceTimersByTime(60 * dayMs - 1);
  expect(task).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(task).toHaveBeenCalledTimes(1);
});

test("a timer of many weeks can be taken back in each of its hops", () => {
  for (const days of [0, 1, 30, 59]) {
    const task = vi.fn<() => void>();
    const cancel = systemClock.setTimer(task, 60 * dayMs);
    vi.advanceTimersByTime(days * dayMs);
    cancel();
    vi.advanceTimersByTime(100 * dayMs);
    expect(task).not.toHaveBeenCalled();
  }
});

test("a sleep of many weeks ends in time, or with its signal", async () => {
  const done = vi.fn<() => void>();
  void sleep(40 * dayMs, { clock: systemClock }).then(done);
  const controller = new AbortController();
  const aborted = sleep(40 * dayMs, { clock: systemClock, signal: controller.signal });
  await vi.advanceTimersByTimeAsync(39 * dayMs);
  expect(done).not.toHaveBeenCalled();
  controller.abort(new Error("enough"));
  await expect(aborted).rejects.toThrow("enough");
  await vi.advanceTimersByTimeAsync(dayMs);
  expect(done).toHaveBeenCalled();
});

test("maxTime and notBefore may lie further away than a timer of Node reaches", async () => {
  const tickets = new TicketSystem({ policy: { maxTime: "60d" } });
  tickets.agent({ model: scriptedProvider([]).model, role: "You work." });
  await tickets.task("later", { notBefore: Date.now() + 90 * dayMs });
  const running = tickets.runDry();
  const ended = vi.fn<() => void>();
  void running.then(ended);
  await vi.advanceTimersByTimeAsync(59 * dayMs);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(dayMs);
  expect(await running).toMatchObject({ reason: "policy", violation: { limit: "maxTime" } });
  await tickets.close();
});
