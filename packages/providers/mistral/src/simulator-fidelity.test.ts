import { startSimulator } from "@agentwerk/llm-simulator";
import { Mistral } from "@mistralai/mistralai";
import type { ChatCompletionResponse } from "@mistralai/mistralai/models/components";
import { expect, test } from "vitest";

const reply = {
  reasoning: "Six times seven.",
  text: "Let me see.",
  toolCalls: [{ name: "calculate", input: { expression: "6 * 7" } }],
  usage: { inputTokens: 5_000, outputTokens: 70 },
};

/** Every field of the SDK's response that a chat has. */
const expected: ChatCompletionResponse = {
  id: expect.stringMatching(/^cmpl-/),
  object: "chat.completion",
  created: expect.any(Number),
  model: "mistral-large-latest",
  choices: [
    {
      index: 0,
      finishReason: "tool_calls",
      message: {
        role: "assistant",
        prefix: false,
        content: [
          {
            type: "thinking",
            thinking: [{ type: "text", text: "Six times seven." }],
            signature: expect.stringMatching(/./),
            closed: true,
          },
          { type: "text", text: "Let me see." },
        ],
        toolCalls: [
          {
            id: expect.stringMatching(/^[a-zA-Z0-9]{9}$/),
            type: "function",
            index: 0,
            function: { name: "calculate", arguments: '{"expression":"6 * 7"}' },
          },
        ],
      },
    },
  ],
  usage: expect.objectContaining({ promptTokens: 5_000, completionTokens: 70, totalTokens: 5_070 }),
};

test("Mistral's own SDK, which checks against schemas, reads the simulator's replies, whole and streamed", async () => {
  await using simulator = await startSimulator({ script: [reply, reply] });
  const client = new Mistral({ apiKey: "any", serverURL: simulator.baseUrls.mistral });
  const request = {
    model: "mistral-large-latest",
    messages: [{ role: "user" as const, content: "What is six times seven?" }],
  };
  expect(await client.chat.complete(request)).toEqual(expected);
  const chunks = [];
  for await (const event of await client.chat.stream(request)) chunks.push(event.data);
  expect(chunks[0]?.choices[0]?.delta).toMatchObject({ role: "assistant", content: "" });
  expect(chunks.at(-1)).toMatchObject({
    choices: [{ finishReason: "tool_calls", delta: { toolCalls: [{ function: { name: "calculate" } }] } }],
    usage: { promptTokens: 5_000 },
  });
});

test("Mistral's own SDK reads the simulator's errors", async () => {
  await using simulator = await startSimulator({ script: [{ fault: "rate_limited" }] });
  const client = new Mistral({ apiKey: "any", serverURL: simulator.baseUrls.mistral });
  const asked = client.chat.complete({ model: "m", messages: [{ role: "user", content: "Hi." }] });
  await expect(asked).rejects.toMatchObject({
    statusCode: 429,
    body: expect.stringContaining('"code":"1300"'),
  });
});
