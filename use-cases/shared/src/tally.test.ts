import type { EventOf } from "@agentwerk/core";
import { expect, test } from "vitest";
import { TallyCounter } from "./tally.ts";

test("a sum of money has none of the digits that adding binary fractions leaves behind", () => {
  const counter = new TallyCounter();
  expect(counter.tally.cost).toBeUndefined();
  for (const cost of [0.1, 0.2]) counter.add(finished(cost));
  expect(counter.tally.cost).toBe(0.3);
});

test("a sum far below a cent is not rounded away", () => {
  const counter = new TallyCounter();
  counter.add(finished(0.000_000_05));
  expect(counter.tally.cost).toBe(0.000_000_05);
});

function finished(cost: number): EventOf<"request_finished"> {
  return {
    type: "request_finished",
    id: 1,
    at: 0,
    labels: [],
    model: "a-model",
    stopReason: "end_turn",
    usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
    cost,
    durationMs: 1,
  };
}
