import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FaultKind } from "./fault/fault.ts";
import type { Simulator } from "./simulator.ts";
import { startSimulator } from "./simulator.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const messages = [{ role: "user", content: "Hello!" }];
const openaiCode = (body: { error: { code: string | null; type: string } }): string =>
  body.error.code ?? body.error.type;

/** How to ask, and where the kind of an error stands in the vendor's body. */
const formats = {
  "openai-chat": {
    path: "/v1/chat/completions",
    body: { messages },
    requestIdHeader: "x-request-id",
    kindOf: openaiCode,
  },
  "openai-responses": {
    path: "/v1/responses",
    body: { input: messages },
    requestIdHeader: "x-request-id",
    kindOf: openaiCode,
  },
  "anthropic-messages": {
    path: "/v1/messages",
    body: { messages, max_tokens: 100 },
    requestIdHeader: "request-id",
    kindOf: (body: { error: { type: string } }) => body.error.type,
  },
  "mistral-chat": {
    path: "/mistral/v1/chat/completions",
    body: { messages },
    requestIdHeader: "mistral-correlation-id",
    kindOf: (body: { type?: string }) => body.type,
  },
} as const;

type Expected = readonly [status: number, kind: string | undefined];

const faults: Readonly<Partial<Record<FaultKind, Readonly<Record<keyof typeof formats, Expected>>>>> = {
  authentication_failed: {
    "openai-chat": [401, "invalid_api_key"],
    "openai-responses": [401, "invalid_api_key"],
    "anthropic-messages": [401, "authentication_error"],
    "mistral-chat": [401, undefined],
  },
  rate_limited: {
    "openai-chat": [429, "rate_limit_exceeded"],
    "openai-responses": [429, "rate_limit_exceeded"],
    "anthropic-messages": [429, "rate_limit_error"],
    "mistral-chat": [429, "rate_limited"],
  },
  overloaded: {
    "openai-chat": [529, "overloaded"],
    "openai-responses": [529, "overloaded"],
    "anthropic-messages": [529, "overloaded_error"],
    "mistral-chat": [429, "service_tier_capacity_exceeded"],
  },
  server_failed: {
    "openai-chat": [500, "server_error"],
    "openai-responses": [500, "server_error"],
    "anthropic-messages": [500, "api_error"],
    "mistral-chat": [500, "internal_server_error"],
  },
  context_window_exceeded: {
    "openai-chat": [400, "context_length_exceeded"],
    "openai-responses": [400, "context_length_exceeded"],
    "anthropic-messages": [400, "invalid_request_error"],
    "mistral-chat": [400, "invalid_request_prompt"],
  },
};

describe.each(Object.entries(formats))("%s", (name, { path, body, requestIdHeader, kindOf }) => {
  test.each(Object.entries(faults))("%s comes in the vendor's own shape", async (fault, expected) => {
    simulator.use({ script: [{ fault: fault as FaultKind }] });
    const response = await fetch(simulator.url + path, {
      method: "POST",
      body: JSON.stringify({ model: "m", ...body }),
    });
    const [status, kind] = expected[name as keyof typeof formats];
    expect(response.status).toBe(status);
    expect(response.headers.get(requestIdHeader)).toMatch(/^req_/);
    expect(kindOf((await response.json()) as never)).toBe(kind);
  });

  test("is named in what was recorded, and answers by the same function", async () => {
    simulator.use({ respond: ({ messages: [first] }) => `You said: ${first?.text}` });
    const response = await fetch(simulator.url + path, {
      method: "POST",
      body: JSON.stringify({ model: "m", ...body }),
    });
    expect(await response.text()).toContain("You said: Hello!");
    expect(simulator.requests[0]?.format).toBe(name);
  });
});
