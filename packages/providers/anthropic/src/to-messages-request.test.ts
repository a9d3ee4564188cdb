import type { Message, ModelRequest } from "@agentwerk/core";
import { expect, test } from "vitest";
import type { AnthropicProviderOptions } from "./anthropic-options.ts";
import { resolveOptions } from "./anthropic-options.ts";
import { type MessagesRequest, toMessagesRequest } from "./to-messages-request.ts";

const says = (text: string): Message => ({ role: "user", content: [{ type: "text", text }] });
const answers = (text: string): Message => ({ role: "assistant", content: [{ type: "text", text }] });
const properties = { a: { type: "string" } } as const;
const closed = { type: "object", properties, required: ["a"], additionalProperties: false } as const;
const tools = ["one", "two"].map((name) => ({ name, description: "", inputSchema: closed }));

function map(request: Partial<ModelRequest>, options: AnthropicProviderOptions = {}): MessagesRequest {
  const settings = resolveOptions({ apiKey: "sk-ant-0123456789", env: {}, ...options });
  const base = { model: "claude-sonnet-5-5", system: "Be nice.", messages: [says("Hello.")] };
  return toMessagesRequest({ tools: [], toolChoice: "auto", ...base, ...request }, settings);
}

test("tools, system prompt, the last message and the one of the request before are marked for the cache", () => {
  const messages = [says("One."), answers("1"), says("Two."), answers("2"), says("Three.")];
  const request = map({ messages, tools });
  expect(JSON.stringify(request.body).match(/"cache_control"/g)).toHaveLength(4);
  expect(request.body.tools).toMatchObject([{ name: "one" }, { cache_control: { type: "ephemeral" } }]);
  expect(request.body.system).toEqual([
    { type: "text", text: "Be nice.", cache_control: { type: "ephemeral" } },
  ]);
  expect(JSON.stringify(request.body.messages).match(/"text":"\w+\.","cache_control"/g)).toEqual([
    '"text":"Two.","cache_control"',
    '"text":"Three.","cache_control"',
  ]);
});

test("the cache can be kept for an hour, or left alone", () => {
  expect(map({}, { promptCache: "1h" }).body.system).toMatchObject([
    { cache_control: { type: "ephemeral", ttl: "1h" } },
  ]);
  expect(JSON.stringify(map({ tools }, { promptCache: false }))).not.toContain("cache_control");
});

test("a limit for the reply is always sent: the given one, the model's, or 32,000", () => {
  expect(map({ maxOutputTokens: 99 }).body.max_tokens).toBe(99);
  expect(map({}).body.max_tokens).toBe(32_000);
  expect(map({ model: "unknown" }).body.max_tokens).toBe(32_000);
});

test("strict is asked for where it loses nothing, and for no more than 20 tools", () => {
  const many = Array.from({ length: 25 }, (_, index) => ({
    name: `tool_${index}`,
    description: "",
    inputSchema: index === 0 ? ({ type: "object" } as const) : closed,
  }));
  const sent = map({ tools: many }, { strictTools: true }).body.tools as readonly { strict?: boolean }[];
  expect(sent[0]).not.toHaveProperty("strict");
  expect(sent.filter(({ strict }) => strict === true)).toHaveLength(20);
  expect(JSON.stringify(map({ tools: many }))).not.toContain("strict");
});

test("optional parameters of strict tools are limited over all of them", () => {
  const loose = { ...closed, required: [] };
  const many = Array.from({ length: 18 }, (_, index) => {
    return { name: `tool_${index}`, description: "", inputSchema: loose };
  });
  const sent = map({ tools: many }, { strictTools: true }).body.tools as readonly { strict?: boolean }[];
  expect(sent.filter(({ strict }) => strict === true)).toHaveLength(16);
});

test("an empty system prompt and a choice without tools are not sent, extra fields come last", () => {
  const { body } = map({ system: " ", toolChoice: "none", extraBody: { max_tokens: 7, top_k: 5 } });
  expect(body).not.toHaveProperty("system");
  expect(body).not.toHaveProperty("tool_choice");
  expect(body).toMatchObject({ max_tokens: 7, top_k: 5 });
});

test("models that bind thinking to its conversation are asked to drop what no longer fits", () => {
  const thinking = { type: "reasoning", text: "Hm.", signature: "s", provider: "anthropic" } as const;
  const messages: readonly Message[] = [
    says("Hello."),
    { role: "assistant", content: [thinking, { type: "text", text: "Hi." }] },
    says("And now?"),
  ];
  const headers = { "Anthropic-Beta": "other-1" };
  const request = map({ model: "claude-opus-5-5", messages }, { headers });
  expect(request.body.thinking).toMatchObject({
    block_binding: { prefix_mismatch_behavior: "drop_block" },
  });
  expect(request.headers["anthropic-beta"]).toMatch(/^other-1,thinking-binding-controls-/);
  for (const plain of [
    map({ model: "claude-opus-5-5" }),
    map({ model: "claude-opus-5", messages }),
    map({ model: "claude-opus-5-5", messages }, { baseUrl: "http://localhost:1" }),
  ]) {
    expect(plain.body).not.toHaveProperty("thinking");
    expect(plain.headers).toEqual({});
  }
});
