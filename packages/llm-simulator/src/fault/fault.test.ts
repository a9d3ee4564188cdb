import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Reply } from "../reply/reply.ts";
import type { Simulator } from "../simulator.ts";
import { startSimulator } from "../simulator.ts";
import { chat, streamedText } from "../test-support/chat.ts";
import type { Fault } from "./fault.ts";
import type { ScheduledFault } from "./fault-schedule.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const text = "A reply that is long enough to be cut somewhere in its middle.";

function askWith(fault: Fault, body: Readonly<Record<string, unknown>> = {}): ReturnType<typeof chat> {
  simulator.use({ script: [{ text, fault }] });
  return chat(simulator, body);
}

describe("instead of a reply", () => {
  test.each([
    ["authentication_failed", 401, "invalid_api_key"],
    ["permission_denied", 403, "permission_denied"],
    ["rate_limited", 429, "rate_limit_exceeded"],
    ["quota_exceeded", 429, "insufficient_quota"],
    ["server_failed", 500, null],
    ["overloaded", 529, "overloaded"],
    ["invalid_request", 400, null],
    ["context_window_exceeded", 400, "context_length_exceeded"],
    ["prompt_filtered", 400, "content_filter"],
  ] as const)("%s is a %i in OpenAI's shape", async (fault, status, code) => {
    const answer = await askWith(fault);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ error: { message: expect.any(String), code } });
    expect(answer.headers.get("x-request-id")).toMatch(/^req_/);
  });

  test("Retry-After comes in seconds, as a date, or in milliseconds", async () => {
    const inSeconds = await askWith({ kind: "rate_limited", retryAfterMs: 2_500 });
    const asDate = await askWith({ kind: "rate_limited", retryAfterMs: 60_000, retryAfterAs: "date" });
    const inMs = await askWith({ kind: "overloaded", retryAfterMs: 20, retryAfterAs: "milliseconds" });
    expect(inSeconds.headers.get("retry-after")).toBe("3");
    expect(Date.parse(asDate.headers.get("retry-after") ?? "") - Date.now()).toBeGreaterThan(58_000);
    expect(inMs.headers.get("retry-after-ms")).toBe("20");
  });

  test("connection_reset ends the connection without a byte", async () => {
    await expect(askWith("connection_reset")).rejects.toThrow("fetch failed");
  });
});

describe("in the reply", () => {
  const tools = [{ type: "function", function: { name: "calculate", parameters: { type: "object" } } }];
  test.each([
    ["arguments_malformed", { tools }, { finish_reason: "tool_calls" }],
    ["output_truncated", {}, { message: { content: text.slice(0, 32) }, finish_reason: "length" }],
    ["unknown_tool", {}, { message: { tool_calls: [{ function: { name: "no_such_tool" } }] } }],
    ["content_filtered", {}, { finish_reason: "content_filter" }],
    ["refused", {}, { message: { content: null, refusal: expect.any(String) } }],
    ["reply_empty", {}, { message: { content: "" }, finish_reason: "stop" }],
  ] as const)("%s", async (fault, body, choice) => {
    expect((await askWith(fault, body)).json).toMatchObject({ choices: [choice] });
  });

  test("arguments_malformed breaks the JSON of the first tool", async () => {
    const { json } = await askWith("arguments_malformed", { tools });
    const reply = json as { choices: [{ message: { tool_calls: [{ function: { arguments: string } }] } }] };
    expect(() => JSON.parse(reply.choices[0].message.tool_calls[0].function.arguments)).toThrow();
  });

  test("reply_huge is as long as it is told to be", async () => {
    const { events } = await askWith({ kind: "reply_huge", characters: 300_000 }, { stream: true });
    expect(streamedText(events)).toHaveLength(300_000);
  });
});

describe("on the way", () => {
  test("stream_cut sends the first half and destroys the connection", async () => {
    await expect(askWith("stream_cut", { stream: true })).rejects.toThrow("terminated");
    await expect(askWith("stream_cut")).rejects.toThrow("terminated");
  });

  test("stream_ended_early stops in good order, without an end", async () => {
    const answer = await askWith({ kind: "stream_ended_early", afterEvents: 2 }, { stream: true });
    expect(answer.events).toHaveLength(2);
    expect(answer.text).not.toContain("[DONE]");
  });

  test("stream_failed ends with an error event", async () => {
    const { events } = await askWith({ kind: "stream_failed", message: "Out of luck." }, { stream: true });
    expect(events.at(-1)?.error?.message).toBe("Out of luck.");
  });

  test("stream_stalled falls silent until the client gives up", async () => {
    const signal = AbortSignal.timeout(60);
    simulator.use({ script: [{ text, fault: "stream_stalled" }] });
    await expect(chat(simulator, { stream: true }, { signal })).rejects.toThrow("timeout");
    await expect.poll(() => simulator.requests[0]?.aborted).toBe(true);
  });

  test("slow_first_byte keeps the client waiting, then answers", async () => {
    const begin = performance.now();
    const answer = await askWith({ kind: "slow_first_byte", delayMs: 60 });
    expect(performance.now() - begin).toBeGreaterThan(55);
    expect(answer.text).toContain(text);
  });

  test("body_malformed is no JSON, streamed or not", async () => {
    const whole = await askWith("body_malformed");
    const streamed = await askWith("body_malformed", { stream: true });
    expect(whole.json).toBeUndefined();
    expect(streamed.text).toMatch(/data: \{"id":"chatcm\n\n$/);
  });
});

describe("by schedule", () => {
  async function statuses(faults: readonly ScheduledFault[], count: number): Promise<readonly number[]> {
    const script: readonly Reply[] = ["one", "two", "three", "four", "five", "six"];
    simulator.use({ script, faults });
    const found: number[] = [];
    for (let index = 0; index < count; index++) found.push((await chat(simulator, {})).status);
    return found;
  }

  test("every nth request, at given requests, at most so often, under a condition", async () => {
    expect(await statuses([{ fault: "rate_limited", every: 3 }], 6)).toEqual([200, 200, 429, 200, 200, 429]);
    expect(await statuses([{ fault: "overloaded", at: [1, 4] }], 4)).toEqual([529, 200, 200, 529]);
    expect(await statuses([{ fault: "server_failed", times: 2 }], 3)).toEqual([500, 500, 200]);
    expect(await statuses([{ fault: "refused", when: ({ model }) => model === "x" }], 1)).toEqual([200]);
  });

  test("a failed request leaves its step of the script to the repetition", async () => {
    await statuses([{ fault: "rate_limited", at: [2] }], 3);
    expect(simulator.requests.map(({ reply }) => reply?.text)).toEqual(["one", undefined, "two"]);
  });
});
