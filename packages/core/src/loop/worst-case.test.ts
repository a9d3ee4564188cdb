import { describe, expect, it } from "vitest";
import { TicketSystem } from "../system/ticket-system.ts";
import { calls, scriptedProvider, writesResult } from "../testing/scripted-provider.ts";
import { defineTool } from "../tool/define-tool.ts";

const price = { input: 1_000_000, cacheWrite: 2_000_000, cacheRead: 100_000, output: 0 };
const tool = defineTool({
  name: "look",
  description: "Looks.",
  input: { type: "object", properties: {} },
  readOnly: true,
  run: () => "ä".repeat(500),
});

/** What was set aside for each request, as the store saw it. */
async function reservations(task: string, counted: number) {
  const script = scriptedProvider(
    [
      { ...calls(["look", {}]), usage: { inputTokens: counted, outputTokens: 40 } },
      { ...writesResult("x"), usage: { inputTokens: counted } },
    ],
    { price, maxOutputTokens: 300, contextWindow: 2_000 },
  );
  const tickets = new TicketSystem({ policy: { maxInputTokens: 10_000_000, compactionThreshold: 1 } });
  const { store } = tickets;
  const reserve = store.reserve.bind(store);
  const asked: Parameters<typeof reserve>[1]["amounts"][] = [];
  Object.assign(store, {
    reserve: (...args: Parameters<typeof reserve>) => {
      asked.push(args[1].amounts);
      return reserve(...args);
    },
  });
  tickets.agent({ model: script.model, role: "You work.", tools: [tool], policy: { maxRequestTokens: 200 } });
  await tickets.task(task);
  await tickets.runDry();
  await tickets.close();
  return { asked, requests: script.requests };
}

describe("the worst case of a request", () => {
  it("is a token a byte at first, then the vendor's own count and a token for each byte since", async () => {
    const { asked, requests } = await reservations("short", 700);
    const [first, second] = asked;
    const sent = Buffer.byteLength(
      JSON.stringify([requests[0]?.system, requests[0]?.messages, requests[0]?.tools]),
    );
    expect(first?.inputTokens).toBeGreaterThan(sent * 0.8);
    expect(first?.inputTokens).toBeLessThan(sent + 1_200);
    // 700 and 40 were counted; the result has 1,000 bytes, and its frame a few tokens.
    expect(second?.inputTokens).toBeGreaterThanOrEqual(1_740);
    expect(second?.inputTokens).toBeLessThan(1_840);
  });

  it("takes the dearest price of input and the smaller limit of output", async () => {
    const { asked, requests } = await reservations("short", 700);
    expect(asked[0]?.outputTokens).toBe(200);
    expect(requests[0]?.maxOutputTokens).toBe(200);
    expect(asked[0]?.cost).toBeCloseTo((asked[0]?.inputTokens ?? 0) * 2, 6);
  });

  it("is not bounded by the context window, which may be assumed", async () => {
    const { asked } = await reservations("x".repeat(9_000), 700);
    expect(asked[0]?.inputTokens).toBeGreaterThan(9_000);
  });
});
