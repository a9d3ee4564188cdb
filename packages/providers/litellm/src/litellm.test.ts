import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ModelRequest } from "@agentwerk/core";
import type { SimulatorOptions } from "@agentwerk/llm-simulator";
import { startSimulator } from "@agentwerk/llm-simulator";
import { expect, test } from "vitest";
import { litellm } from "./litellm.ts";
import type { LiteLLMProviderOptions } from "./litellm-options.ts";

const request: ModelRequest = {
  model: "anthropic/claude-sonnet-4-5",
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "Hello." }] }],
  tools: [],
  toolChoice: "auto",
  maxOutputTokens: 99,
};

interface Seen {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly outcome: unknown;
}

async function ask(options: LiteLLMProviderOptions, simulated: SimulatorOptions = {}): Promise<Seen> {
  await using simulator = await startSimulator({ script: ["Hi."], ...simulated });
  const model = litellm(request.model, { baseUrl: simulator.baseUrl, env: {}, ...options });
  const outcome = await model.provider.respond(request, {}).catch((thrown: unknown) => thrown);
  const [seen] = simulator.requests;
  return { headers: seen?.headers ?? {}, body: seen?.body, outcome };
}

function failing(status: number, message: string): SimulatorOptions {
  return { script: [{ fault: { kind: "server_failed", status, message } }] };
}

test("tags, metadata and end user go along as the proxy's headers", async () => {
  const { headers, body } = await ask({
    apiKey: "sk-proxy-0123456789",
    tags: ["team-a", "nightly"],
    metadata: { job: 7, place: "Zürich" },
    endUser: "customer 12",
    headers: { "x-team": "blue" },
  });
  expect(headers).toMatchObject({
    authorization: "Bearer sk-proxy-0123456789",
    "x-litellm-tags": "team-a,nightly",
    "x-litellm-spend-logs-metadata": '{"job":7,"place":"Z\\u00fcrich"}',
    "x-litellm-end-user-id": "customer 12",
    "x-team": "blue",
  });
  expect(body).toMatchObject({ model: "anthropic/claude-sonnet-4-5", max_tokens: 99 });
});

test("key and address come from the environment, and OpenAI's do not", async () => {
  const env = {
    OPENAI_API_KEY: "sk-openai-0123456789",
    OPENAI_BASE_URL: "http://localhost:1",
    LITELLM_API_KEY: "",
  };
  expect((await ask({ env })).headers).not.toHaveProperty("authorization");
  const { headers } = await ask({ env: { ...env, LITELLM_API_KEY: "sk-0123456789" } });
  expect(headers).toMatchObject({ authorization: "Bearer sk-0123456789" });
});

test.each([
  [{ tags: ["a,b"] }, /^tags\[0\] has a comma/],
  [{ tags: ["ok", "ü"] }, /^tags\[1\] is empty, or has characters/],
  [{ endUser: "" }, /^endUser is empty/],
])("%j is refused with its name", (options, message) => {
  expect(() => litellm("m", { ...options, env: {} })).toThrow(message);
});

test("OpenAI's models bring window and price through the proxy, too", () => {
  expect(litellm("openai/gpt-5", { env: {} })).toMatchObject({
    contextWindow: 400_000,
    price: { input: 1.25 },
  });
  expect(litellm("anthropic/claude-sonnet-4-5", { env: {} }).price).toBeUndefined();
});

// As LiteLLM words them.
test.each([
  [
    400,
    "litellm.ContextWindowExceededError: litellm.BadRequestError: AnthropicException - prompt too big",
    { reason: "context_window_exceeded", retryable: false },
  ],
  [
    400,
    "litellm.ContentPolicyViolationError: litellm.BadRequestError: AzureException - no",
    { reason: "content_filtered", retryable: false },
  ],
  [
    400,
    "ExceededBudget: User over budget. Budget has been exceeded! Current cost: 2.0, Max budget: 1.0",
    { reason: "rate_limited", retryable: false },
  ],
  [
    429,
    "No deployments available for selected model, Try again in 5 seconds. Passed model=gpt-5.",
    { reason: "rate_limited", retryable: true, retryAfterMs: 5_000 },
  ],
  [408, "litellm.Timeout: AnthropicException - timed out", { reason: "timed_out", retryable: true }],
  [
    401,
    "litellm.AuthenticationError: AnthropicException - invalid x-api-key",
    { reason: "authentication_failed", message: expect.stringContaining("the key that the proxy holds") },
  ],
  [
    401,
    "Authentication Error, Invalid proxy server token passed",
    { reason: "authentication_failed", message: expect.stringContaining("check LITELLM_API_KEY") },
  ],
  [
    500,
    "litellm.APIConnectionError: OllamaException - connection refused",
    { reason: "server_failed", retryable: true },
  ],
])("%i %s", async (status, message, expected) => {
  const { outcome } = await ask({}, failing(status, message));
  expect(outcome).toMatchObject({ provider: "litellm", status, ...expected });
});

const completion = { choices: [{ message: { content: "Hi." }, finish_reason: "stop" }] };

test.each([
  ["its header", { "x-litellm-response-cost": "0.00012", "x-litellm-call-id": "call-1" }, completion],
  ["the usage", {}, { ...completion, usage: { cost: 0.00012 } }],
])("the cost is the proxy's own, by %s", async (_, headers, body) => {
  const server = createServer((__, response) => {
    response.writeHead(200, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const model = litellm(request.model, { baseUrl: `http://127.0.0.1:${port}`, env: {} });
  const { cost, requestId } = await model.provider.respond(request, {});
  server.close();
  expect(cost).toBe(0.00012);
  expect(requestId).toBe("x-litellm-call-id" in headers ? "call-1" : undefined);
});
