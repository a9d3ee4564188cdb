import { afterEach, describe, expect, test } from "vitest";
import { lastToolResults } from "./conversation.ts";
import type { Simulator } from "./simulator.ts";
import { startSimulator } from "./simulator.ts";
import type { SimulatorOptions } from "./simulator-options.ts";
import { chat, streamedText } from "./test-support/chat.ts";

const running: Simulator[] = [];

async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  running.push(simulator);
  return simulator;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

describe("replies", () => {
  test("a text comes as a chat completion with usage", async () => {
    const simulator = await start({ script: ["Hi there!"] });
    const { status, json } = await chat(simulator, {});
    expect(status).toBe(200);
    expect(json).toMatchObject({
      object: "chat.completion",
      model: "m",
      choices: [{ message: { role: "assistant", content: "Hi there!" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 },
    });
  });

  test("a stream adds up to the text, ends with [DONE], and has usage only when asked for", async () => {
    const text = "Streams are made of pieces 👋🏽, and each piece of a few tokens.";
    const simulator = await start({ script: [text, text], tokensPerEvent: 1 });
    const plain = await chat(simulator, { stream: true });
    const counted = await chat(simulator, { stream: true, stream_options: { include_usage: true } });
    expect(streamedText(plain.events)).toBe(text);
    expect(plain.text.endsWith("data: [DONE]\n\n")).toBe(true);
    expect(plain.events.some((event) => event.usage)).toBe(false);
    expect(counted.events.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 2 } });
  });

  test("a function answers by the conversation, tool results included", async () => {
    const simulator = await start({
      respond: (conversation) => {
        const [result] = lastToolResults(conversation);
        if (result !== undefined)
          return `${result.name} of ${JSON.stringify(result.input)} is ${result.text}`;
        return { toolCalls: [{ name: "calculate", input: { expression: "6 * 7" } }] };
      },
    });
    const messages = [{ role: "user", content: "Calculate." }];
    const first = await chat(simulator, { messages });
    const asked = (first.json as { choices: [{ message: { tool_calls: [{ id: string }] } }] }).choices[0]
      .message;
    const result = { role: "tool", tool_call_id: asked.tool_calls[0].id, content: "42" };
    const second = await chat(simulator, { messages: [...messages, asked, result] });
    expect(second.text).toContain('calculate of {\\"expression\\":\\"6 * 7\\"} is 42');
  });

  test("without a behaviour it echoes", async () => {
    expect((await chat(await start(), {})).text).toContain('"content":"Hello!"');
  });

  test("a reply longer than max_tokens is cut and says so", async () => {
    const simulator = await start({ script: ["one two three four five six"] });
    const { json } = await chat(simulator, { max_tokens: 2 });
    expect(json).toMatchObject({
      choices: [{ message: { content: "one two " }, finish_reason: "length" }],
    });
  });

  test("latency and pace are kept", async () => {
    const simulator = await start({ script: ["x".repeat(80)], latencyMs: 30, tokensPerSecond: 200 });
    const begin = performance.now();
    await chat(simulator, { stream: true });
    // 30 ms, then 20 tokens at 200 a second.
    expect(performance.now() - begin).toBeGreaterThan(120);
  });

  test("a prompt that begins like an earlier one is counted as cached", async () => {
    const simulator = await start({ promptCache: true });
    const system = { role: "system", content: "Be nice. ".repeat(600) };
    const ask = (content: string): ReturnType<typeof chat> =>
      chat(simulator, { messages: [system, { role: "user", content }] });
    const cached = [await ask("one"), await ask("two")].map(({ json }) => {
      return (json as { usage: { prompt_tokens_details: { cached_tokens: number } } }).usage
        .prompt_tokens_details.cached_tokens;
    });
    expect(cached[0]).toBe(0);
    expect(cached[1]).toBeGreaterThan(1024);
    expect((cached[1] ?? 1) % 128).toBe(0);
  });
});

describe("the server", () => {
  test("lists its models and refuses others", async () => {
    const simulator = await start({ models: ["a", "b"] });
    const listed = await fetch(`${simulator.baseUrl}/models`).then((response) => response.json());
    expect(listed).toMatchObject({ data: [{ id: "a" }, { id: "b" }] });
    expect((await chat(simulator, { model: "c" })).json).toMatchObject({
      error: { code: "model_not_found" },
    });
  });

  test("refuses another key, and shows of it what OpenAI shows", async () => {
    const simulator = await start({ apiKey: "sk-right" });
    const headers = { authorization: "Bearer sk-wrong-0123456789" };
    const { status, text } = await chat(simulator, {}, { headers });
    expect(status).toBe(401);
    expect(text).toContain("invalid_api_key");
    expect(text).not.toContain("sk-wrong-0123456789");
  });

  test("refuses a prompt longer than its context window", async () => {
    const simulator = await start({ contextWindow: 10 });
    const { json } = await chat(simulator, { messages: [{ role: "user", content: "word ".repeat(20) }] });
    expect(json).toMatchObject({ error: { code: "context_length_exceeded" } });
  });

  test("an unknown path is a 404 in the vendor's shape", async () => {
    const simulator = await start();
    const response = await fetch(`${simulator.url}/v1/nothing`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { message: "Invalid URL (GET /v1/nothing)" } });
  });

  test("keeps the newest requests and counts all", async () => {
    const simulator = await start({ recordLimit: 2 });
    for (let index = 0; index < 7; index++) await chat(simulator, { temperature: index });
    expect(simulator.requestCount).toBe(7);
    expect(simulator.requests.map(({ number }) => number)).toEqual([6, 7]);
    expect(simulator.requests[1]?.body).toMatchObject({ temperature: 6 });
  });

  test("waits for requests, and no longer than the signal", async () => {
    const simulator = await start();
    const second = simulator.received(2);
    await chat(simulator, {});
    await chat(simulator, {});
    await second;
    const reason = new Error("enough");
    await expect(simulator.received(3, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test("close ends a reply in progress and frees the port", async () => {
    const simulator = await start({ script: [{ text: "never", fault: "slow_first_byte" }] });
    const asked = chat(simulator, {});
    await simulator.received(1);
    await Promise.all([simulator.close(), expect(asked).rejects.toThrow("fetch failed")]);
    const again = await start({ port: simulator.port });
    expect(again.port).toBe(simulator.port);
  });

  test("a port in use and a wrong option are refused in one line", async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toThrow(`Cannot listen on 127.0.0.1:${port}: it is in use`);
    await expect(start({ latencyMs: -1 })).rejects.toThrow("latencyMs is -1");
    await expect(start({ script: [], respond: () => "" })).rejects.toThrow("Both script and respond");
    const fault = "no_such_fault" as "refused";
    await expect(start({ faults: [{ fault }] })).rejects.toThrow("faults[0] has the unknown fault");
  });
});
