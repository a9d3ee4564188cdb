import { startSimulator } from "@agentwerk/llm-simulator";
import { OpenAI } from "openai";
import { expect, test } from "vitest";

const reply = {
  reasoning: "Six times seven.",
  text: "Let me see.",
  toolCalls: [{ name: "calculate", input: { expression: "6 * 7" } }],
  usage: { inputTokens: 5_000, outputTokens: 70, cachedTokens: 4_096, reasoningTokens: 30 },
};

const output: OpenAI.Responses.ResponseOutputItem[] = [
  {
    id: expect.stringMatching(/^rs_/),
    type: "reasoning",
    summary: [{ type: "summary_text", text: "Six times seven." }],
    encrypted_content: expect.stringMatching(/./),
  },
  {
    id: expect.stringMatching(/^msg_/),
    type: "message",
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text: "Let me see.", annotations: [], logprobs: [] }],
  },
  {
    id: expect.stringMatching(/^fc_/),
    type: "function_call",
    status: "completed",
    call_id: expect.stringMatching(/./),
    name: "calculate",
    arguments: '{"expression":"6 * 7"}',
  },
];

const usage: OpenAI.Responses.ResponseUsage = {
  input_tokens: 5_000,
  input_tokens_details: { cached_tokens: 4_096, cache_write_tokens: 0 },
  output_tokens: 70,
  output_tokens_details: { reasoning_tokens: 30 },
  total_tokens: 5_070,
};

const request = {
  model: "gpt-5",
  input: "What is six times seven?",
  include: ["reasoning.encrypted_content"],
} satisfies OpenAI.Responses.ResponseCreateParams;

test("OpenAI's own SDK reads the simulator's responses, whole and streamed", async () => {
  await using simulator = await startSimulator({ script: [reply, reply] });
  const client = new OpenAI({ apiKey: "any", baseURL: simulator.baseUrls.openai, maxRetries: 0 });
  const whole = await client.responses.create(request);
  expect(whole).toMatchObject({ status: "completed", output, usage, output_text: "Let me see." });
  const streamed = await client.responses.stream(request).finalResponse();
  expect(streamed).toMatchObject({ status: "completed", usage, output_text: "Let me see." });
  expect(streamed.output).toMatchObject(output);
});
