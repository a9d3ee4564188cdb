import { getEventListeners } from "node:events";
import { expect, vi } from "vitest";
import type { FarFault } from "./provider-bench.ts";
import type { AskOptions, CaseContext, ProviderCase } from "./provider-case.ts";
import { ask, askFor, failWith } from "./provider-case.ts";

const reply = { text: "This reply is long enough to be stopped in its middle, or so one hopes." };

/** A provider that is told to stop, or that waits in vain. */
export const cancellationCases: readonly ProviderCase[] = [
  {
    id: "abort_before",
    title: "an aborted signal rejects with its own reason, and nothing is sent",
    async run(context) {
      const reason = new Error("changed my mind");
      const asked = askFor(context, reply, { signal: AbortSignal.abort(reason) });
      await expect(asked).rejects.toBe(reason);
      expect(context.bench.requests()).toHaveLength(0);
    },
  },
  {
    id: "abort_waiting",
    title: "an abort while waiting for the first byte rejects with its own reason and hangs up",
    async run(context) {
      await abortDuring(context, { kind: "slow_first_byte", delayMs: 60_000 }, (abort) => {
        return { whenReceived: abort };
      });
    },
  },
  {
    id: "abort_streaming",
    title: "an abort in the middle of a stream rejects with its own reason and hangs up",
    mode: "streamed",
    async run(context) {
      await abortDuring(context, { kind: "stream_stalled" }, (abort) => ({ onEvent: abort }));
    },
  },
  {
    id: "first_byte_timeout",
    title: "no first byte within the limit: timed_out, worth a retry, after exactly one request",
    async run(context) {
      const settings = { timeoutMs: 80 };
      const error = await failWith(context, { kind: "slow_first_byte", delayMs: 60_000 }, { settings });
      expect(error).toMatchObject({ reason: "timed_out", retryable: true });
      expect(context.bench.requests()).toHaveLength(1);
      await hungUp(context);
    },
  },
  {
    id: "idle_timeout",
    title: "silence in the middle of a stream: timed_out, worth a retry",
    mode: "streamed",
    async run(context) {
      const error = await failWith(context, { kind: "stream_stalled" }, { settings: { idleTimeoutMs: 80 } });
      expect(error).toMatchObject({ reason: "timed_out", retryable: true });
      await hungUp(context);
    },
  },
  {
    id: "listeners",
    title: "no listener stays on the signal, after a reply or a failure",
    async run(context) {
      const { signal } = new AbortController();
      await askFor(context, reply, { signal });
      await failWith(context, { kind: "server_failed" }, { signal });
      await failWith(context, { kind: "stream_cut" }, { signal });
      expect(getEventListeners(signal, "abort")).toHaveLength(0);
    },
  },
];

type Trigger = (abort: () => void) => Pick<AskOptions, "onEvent"> & { readonly whenReceived?: () => void };

async function abortDuring(context: CaseContext, fault: FarFault, trigger: Trigger): Promise<void> {
  const controller = new AbortController();
  const reason = new Error("changed my mind");
  const { whenReceived, onEvent } = trigger(() => controller.abort(reason));
  context.bench.script([{ ...reply, fault }]);
  const asked = ask(context, { signal: controller.signal, ...(onEvent === undefined ? {} : { onEvent }) });
  // Attached at once, so that a rejection before the next line is not an unhandled one.
  const rejected = expect(asked).rejects.toBe(reason);
  if (whenReceived !== undefined) await context.bench.received(1).then(whenReceived);
  await rejected;
  await hungUp(context);
}

async function hungUp({ bench }: CaseContext): Promise<void> {
  await vi.waitFor(() => expect(bench.requests()[0]?.aborted).toBe(true), { timeout: 2_000 });
}
