import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { convertInWorker } from "./convert-in-worker.ts";

const { signal } = new AbortController();
const page = (body: string) =>
  ({
    kind: "html",
    html: `<html><body>${body}</body></html>`,
    url: "http://x.example/",
    full: false,
  }) as const;
const link = '<a href="/next">next</a>';
/** Takes the extractor of main content minutes. */
const endless = page(link + "<div>".repeat(1_500));

// Only the clock of this thread stands still: the worker's thread and what it posts are real.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Resolves once the thread said that it is ready, for then its time runs. */
async function ready(): Promise<void> {
  while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
}

describe("the time of a page", () => {
  test("does not run while its thread starts", async () => {
    const converted = convertInWorker(page(`<p>words ${link}</p>`), signal);
    vi.advanceTimersByTime(60_000);
    expect(await converted).toMatchObject({ text: "words [next](http://x.example/next)" });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("ends the thread, and what is left is plain text", async () => {
    const converted = convertInWorker(endless, signal);
    await ready();
    vi.advanceTimersByTime(4_999);
    vi.advanceTimersByTime(1);
    expect(await converted).toMatchObject({ text: "next" });
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("a call that is given up ends the thread before it is ready", async () => {
  const controller = new AbortController();
  const converted = convertInWorker(endless, controller.signal);
  controller.abort(new Error("given up"));
  await expect(converted).rejects.toThrow("given up");
  expect(vi.getTimerCount()).toBe(0);
});
