import { startSimulator } from "@agentwerk/llm-simulator";
import { Anthropic } from "@anthropic-ai/sdk";
import { expect, test } from "vitest";

const reply = {
  reasoning: "Six times seven.",
  text: "Let me see.",
  toolCalls: [{ name: "calculate", input: { expression: "6 * 7" } }],
  usage: {
    inputTokens: 5_000,
    outputTokens: 70,
    cachedTokens: 4_096,
    cacheWriteTokens: 128,
    reasoningTokens: 30,
  },
};

/** Every field of the SDK's `Message`, so that one the simulator lacks does not compile or compare. */
const expected: Anthropic.Message = {
  id: expect.stringMatching(/^msg_/),
  type: "message",
  role: "assistant",
  model: "claude-sonnet-5-5",
  container: null,
  diagnostics: null,
  content: [
    { type: "thinking", thinking: "Six times seven.", signature: expect.stringMatching(/./) },
    { type: "text", text: "Let me see.", citations: null },
    {
      type: "tool_use",
      id: expect.stringMatching(/./),
      name: "calculate",
      input: { expression: "6 * 7" },
      caller: { type: "direct" },
    },
  ],
  stop_reason: "tool_use",
  stop_sequence: null,
  stop_details: null,
  usage: {
    input_tokens: 776,
    cache_creation_input_tokens: 128,
    cache_read_input_tokens: 4_096,
    cache_creation: { ephemeral_5m_input_tokens: 128, ephemeral_1h_input_tokens: 0 },
    output_tokens: 70,
    output_tokens_details: { thinking_tokens: 30 },
    server_tool_use: null,
    service_tier: "standard",
    inference_geo: null,
    speed: null,
  },
};

const request = {
  model: "claude-sonnet-5-5",
  max_tokens: 1_000,
  messages: [{ role: "user", content: "What is six times seven?" }],
} satisfies Anthropic.MessageCreateParams;

test("Anthropic's own SDK reads the simulator's replies, whole and streamed, field by field", async () => {
  await using simulator = await startSimulator({ script: [reply, reply] });
  const client = new Anthropic({ apiKey: "any", baseURL: simulator.baseUrls.anthropic, maxRetries: 0 });
  expect(await client.messages.create(request)).toEqual(expected);
  const streamed = await client.messages.stream(request).finalMessage();
  expect(JSON.parse(JSON.stringify(streamed))).toMatchObject({ ...expected });
});

test("Anthropic's own SDK reads the simulator's errors", async () => {
  await using simulator = await startSimulator({ script: [{ fault: "overloaded" }] });
  const client = new Anthropic({ apiKey: "any", baseURL: simulator.baseUrls.anthropic, maxRetries: 0 });
  await expect(client.messages.create(request)).rejects.toMatchObject({
    status: 529,
    type: "overloaded_error",
    requestID: expect.stringMatching(/^req_/),
  });
});
