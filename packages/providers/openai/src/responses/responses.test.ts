import type { AssistantContent, Message, ModelRequest } from "@agentwerk/core";
import { describe, expect, test } from "vitest";
import type { OpenAIProviderOptions } from "../openai-options.ts";
import { resolveOptions } from "../openai-options.ts";
import { ResponseBuilder } from "./response-builder.ts";
import { toInputItems } from "./to-input-items.ts";
import { toResponsesRequest } from "./to-responses-request.ts";

const says = (text: string): Message => ({ role: "user", content: [{ type: "text", text }] });
const answers = (...content: readonly AssistantContent[]): Message => ({ role: "assistant", content });
const call = { type: "tool_call", id: "call_1", name: "calculate", input: { a: 1 } } as const;

/** A reasoning item of a reply, as it goes back with the next request. */
function sendBack(item: object): unknown {
  const builder = new ResponseBuilder({ providerName: "openai", onEvent: undefined });
  builder.addResponse({ status: "completed", output: [{ type: "reasoning", ...item }] });
  const { content } = builder.build({ model: "gpt-5", requestId: undefined });
  return toInputItems([answers(...content, call)], "openai")[0];
}

describe("reasoning items", () => {
  test.each([
    { id: "rs_1", summary: [], encrypted_content: "opaque" },
    { id: "rs_1", summary: [{ type: "summary_text", text: "Hm.\n\nYes." }], encrypted_content: "opaque" },
    {
      id: "rs_1",
      summary: ["Hm.", "Yes."].map((text) => ({ type: "summary_text", text })),
      encrypted_content: "opaque",
    },
  ])("go back as they came: %j", (item) => {
    expect(sendBack(item)).toEqual({ type: "reasoning", ...item });
  });

  test("without encrypted content are shown, and not sent back", () => {
    expect(sendBack({ content: [{ type: "reasoning_text", text: "Hm." }] })).toMatchObject({
      type: "function_call",
    });
  });

  test("that nothing follows, or that chat completions wrote, are not sent", () => {
    const thinking = { type: "reasoning", text: "Hm.", provider: "openai" } as const;
    const signed = { ...thinking, signature: '{"encrypted_content":"x"}' };
    expect(toInputItems([says("Hi."), answers(signed)], "openai")).toHaveLength(1);
    expect(toInputItems([answers(thinking, { ...thinking, signature: "x" }, call)], "openai")).toHaveLength(
      1,
    );
  });
});

test("files of a result stand in its output", () => {
  const image = { type: "image", mediaType: "image/png", data: "AAAA" } as const;
  const result: Message = {
    role: "tool",
    content: [
      {
        type: "tool_result",
        callId: "call_1",
        content: [{ type: "text", text: "No." }, image],
        isError: true,
      },
    ],
  };
  expect(toInputItems([answers(call), result], "openai")[1]).toEqual({
    type: "function_call_output",
    call_id: "call_1",
    output: [
      { type: "input_text", text: "Error: No." },
      { type: "input_image", image_url: "data:image/png;base64,AAAA", detail: "auto" },
    ],
  });
});

function map(request: Partial<ModelRequest>, options: OpenAIProviderOptions = {}): object {
  const settings = resolveOptions({ apiKey: "sk-0123456789", env: {}, api: "responses", ...options });
  const base = { model: "gpt-5", system: "", messages: [says("Hi.")], tools: [] };
  return toResponsesRequest({ toolChoice: "auto", ...base, ...request }, settings);
}

test("nothing is kept on the server, and thinking is asked for where there is any", () => {
  expect(map({ system: "Be brief." })).toEqual({
    model: "gpt-5",
    instructions: "Be brief.",
    input: [{ role: "user", content: [{ type: "input_text", text: "Hi." }] }],
    store: false,
    include: ["reasoning.encrypted_content"],
  });
  for (const model of ["gpt-4.1", "gpt-5-chat-latest", "llama"]) {
    expect(map({ model })).not.toHaveProperty("include");
  }
});

test("a tool is strict where that loses nothing, and says so where it is not", () => {
  const closed = { type: "object", properties: {}, additionalProperties: false } as const;
  const tools = [closed, { type: "object" } as const].map((inputSchema, index) => {
    return { name: `tool_${index}`, description: "", inputSchema };
  });
  const loose = map({ tools }, { compatibility: { strictTools: false } });
  expect(map({ tools })).toMatchObject({ tools: [{ strict: true }, { strict: false }] });
  expect(loose).toMatchObject({ tools: [{ strict: false }, { strict: false }] });
});

test("calls of one response have ids of their own, whatever a compatible server gave them", () => {
  const builder = new ResponseBuilder({ providerName: "openai", onEvent: undefined });
  const item = { type: "function_call", call_id: "call", name: "calculate", arguments: "{}" };
  builder.addResponse({ status: "completed", output: [item, item, { ...item, call_id: "" }] });
  const { content } = builder.build({ model: "gpt-5", requestId: undefined });
  const ids = content.flatMap((block) => (block.type === "tool_call" ? [block.id] : []));
  expect(ids[0]).toBe("call");
  expect(new Set(ids).size).toBe(3);
  expect(ids).not.toContain("");
});

test("a response that failed is an error with the vendor's code", () => {
  const builder = new ResponseBuilder({ providerName: "openai", onEvent: undefined });
  const error = { code: "rate_limit_exceeded", message: "Slow down." };
  const response = { status: "failed", error };
  expect(() => builder.addEvent({ type: "response.failed", response })).toThrow(
    expect.objectContaining({ message: "Slow down.", code: "rate_limit_exceeded" }),
  );
});
