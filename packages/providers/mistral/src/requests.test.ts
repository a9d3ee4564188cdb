import type { ModelRequest } from "@agentwerk/core";
import { startSimulator } from "@agentwerk/llm-simulator";
import { expect, test } from "vitest";
import type { MistralProviderOptions } from "./mistral-options.ts";
import { resolveOptions } from "./mistral-options.ts";
import { mistralProvider } from "./mistral-provider.ts";
import { toChatRequest } from "./to-chat-request.ts";

const request: ModelRequest = {
  model: "mistral-large-latest",
  system: "Be brief.",
  messages: [{ role: "user", content: [{ type: "text", text: "Hello." }] }],
  tools: [],
  toolChoice: "auto",
};

async function send(
  options: MistralProviderOptions,
  more: Partial<ModelRequest> = {},
): Promise<{ readonly body: unknown; readonly headers: unknown }> {
  await using simulator = await startSimulator({ script: ["Hi."] });
  const provider = mistralProvider({ env: {}, baseUrl: simulator.baseUrls.mistral, ...options });
  await provider.respond({ ...request, ...more }, {});
  const [seen] = simulator.requests;
  return { body: seen?.body, headers: seen?.headers };
}

test("fields and headers of the user's own reach the server beside what the SDK knows", async () => {
  const sent = await send(
    { apiKey: "key-1", headers: { "x-team": "blue" } },
    { maxOutputTokens: 9, stopSequences: ["\n"], extraBody: { safe_prompt: true, unheard_of: 1 } },
  );
  expect(sent.body).toMatchObject({ max_tokens: 9, stop: ["\n"], safe_prompt: true, unheard_of: 1 });
  expect(sent.headers).toMatchObject({ authorization: "Bearer key-1", "x-team": "blue" });
});

test("a server that wants no key gets none", async () => {
  expect((await send({})).headers).not.toHaveProperty("authorization");
});

test("the key of the prompt cache is the conversation's, and goes to Mistral only", () => {
  const settings = resolveOptions({ apiKey: "0123456789abcdef", env: {} });
  const keyOf = (more: Partial<ModelRequest>): unknown =>
    toChatRequest({ ...request, ...more }, settings).promptCacheKey;
  const longer = [...request.messages, { role: "assistant", content: [] } as const];
  expect(keyOf({})).toMatch(/^[0-9a-f]{32}$/);
  expect(keyOf({ messages: longer })).toBe(keyOf({}));
  expect(keyOf({ system: "Be long." })).not.toBe(keyOf({}));
  expect(resolveOptions({ baseUrl: "http://localhost:1", env: {} }).promptCache).toBe(false);
});
