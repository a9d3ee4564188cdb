import { expect } from "vitest";
import type { Message, ToolResultBlock } from "../../provider/content.ts";
import { textBlock } from "../../provider/content.ts";
import type { JsonSchema } from "../../schema/json-schema.ts";
import { calculateTool } from "./calculate-tool.ts";
import type { FarReply, FarRequest } from "./provider-bench.ts";
import type { CaseContext, ProviderCase } from "./provider-case.ts";
import { ask } from "./provider-case.ts";

const toolCalls = [{ name: "calculate", input: { expression: "6 * 7" } }];

/** Conversations of many turns: what a vendor gets back of its own, and of others. */
export const sentBackCases: readonly ProviderCase[] = [
  {
    id: "signed_reasoning",
    title: "thinking goes back over tool turns with its signature, unchanged",
    async run(context) {
      const thinking = "Six times seven.\n\nI ask the tool.";
      const seen = await sendBack(context, { reasoning: thinking, signature: "c2lnbmF0dXJl", toolCalls });
      const assistant = seen.messages.find(({ role }) => role === "assistant");
      expect(assistant).toMatchObject({ reasoning: thinking, signatures: ["c2lnbmF0dXJl"] });
      expect(assistant?.toolCalls).toHaveLength(1);
    },
  },
  {
    id: "hidden_reasoning_sent_back",
    title: "hidden thinking goes back over tool turns, unchanged",
    async run(context) {
      const seen = await sendBack(context, { signature: "b3BhcXVl", toolCalls });
      const assistant = seen.messages.find(({ role }) => role === "assistant");
      expect(assistant?.signatures).toEqual(["b3BhcXVl"]);
    },
  },
  {
    id: "reasoning_of_other_name",
    title: "signed thinking of another provider is not sent, nor is a message that holds nothing else",
    async run(context) {
      const thinking = {
        type: "reasoning",
        text: "A secret.",
        signature: "eHl6",
        provider: "other",
      } as const;
      const seen = await send(context, [
        userSays("Hello!"),
        { role: "assistant", content: [thinking] },
        userSays("And now?"),
      ]);
      expect(JSON.stringify(seen)).not.toMatch(/A secret|eHl6/);
      expect(seen.messages.at(-1)?.text).toContain("And now?");
    },
  },
  {
    id: "separate_results",
    title: "results in messages of their own are accepted",
    async run(context) {
      const seen = await send(context, [
        userSays("Calculate."),
        callsOf("call_a", "call_b"),
        { role: "tool", content: [result("call_a", "2")] },
        { role: "tool", content: [result("call_b", "4")] },
        userSays("Thank you."),
      ]);
      expect(resultsOf(seen)).toEqual(["2", "4"]);
      expect(seen.messages.at(-1)).toMatchObject({ role: "user", text: "Thank you." });
    },
  },
  {
    id: "consecutive_user_messages",
    title: "messages of the user in a row arrive whole and in order",
    async run(context) {
      const seen = await send(context, [userSays("One."), userSays("Two.")]);
      expect(seen.messages.map(({ text }) => text).join(" ")).toMatch(/^One\.\sTwo\.$/);
    },
  },
  {
    id: "repeated_call_ids",
    title: "an id that two turns share still joins each result with its own call",
    async run(context) {
      const seen = await send(context, [
        userSays("Calculate."),
        callsOf("call_a"),
        { role: "tool", content: [result("call_a", "2")] },
        callsOf("call_a"),
        { role: "tool", content: [result("call_a", "4")] },
      ]);
      expect(resultsOf(seen)).toEqual(["2", "4"]);
      expect(answeredIds(seen)).toEqual(callIds(seen));
    },
  },
  {
    id: "foreign_call_ids",
    title: "ids that another vendor made are accepted, and are the same each time",
    async run(context) {
      const ids = ["functions.calculate:0", "toolu_01D7FLrfh4GYq7yT1ULFeyMV", "a", "Ä #1"];
      const messages = [
        userSays("Calculate."),
        callsOf(...ids),
        { role: "tool", content: ids.map((id) => result(id, `of ${id}`)) },
      ] satisfies readonly Message[];
      const first = await send(context, messages);
      const second = await send(context, messages);
      expect(resultsOf(first)).toEqual(ids.map((id) => `of ${id}`));
      expect(answeredIds(first)).toEqual(callIds(first));
      expect(new Set(callIds(first)).size).toBe(ids.length);
      expect(callIds(second)).toEqual(callIds(first));
    },
  },
  {
    id: "unknown_call_names",
    title: "calls of tools that were never offered are accepted, whatever their names",
    async run(context) {
      const names = ["functions.calculate", "", "größe $(id)", "a".repeat(90)];
      const calls = names.map((name, index) => {
        return { type: "tool_call", id: `call_${index}`, name, input: {} } as const;
      });
      const seen = await send(context, [
        userSays("Calculate."),
        { role: "assistant", content: calls },
        { role: "tool", content: calls.map(({ id }) => ({ ...result(id, "No such tool."), isError: true })) },
      ]);
      expect(callIds(seen)).toHaveLength(names.length);
      expect(answeredIds(seen)).toEqual(callIds(seen));
    },
  },
  {
    id: "empty_parts_sent_back",
    title: "empty and blank texts, and a result without content, are accepted",
    async run(context) {
      const call = { type: "tool_call", id: "call_a", name: "calculate", input: {} } as const;
      const seen = await send(context, [
        { role: "user", content: [textBlock(""), textBlock("Calculate.")] },
        { role: "assistant", content: [textBlock(" \n"), call] },
        { role: "tool", content: [{ type: "tool_result", callId: "call_a", content: [] }] },
        userSays("And?"),
      ]);
      expect(callIds(seen)).toHaveLength(1);
      expect(answeredIds(seen)).toEqual(callIds(seen));
    },
  },
  {
    id: "schema_unharmed",
    title: "a schema with every keyword that results use arrives as it is",
    async run(context) {
      const tool = { name: "write_result", description: "Writes the result.", inputSchema: resultSchema };
      context.bench.script([{ text: "42" }]);
      await ask(context, { request: { tools: [tool] } });
      expect(context.bench.requests()[0]?.tools[0]?.inputSchema).toEqual(resultSchema);
    },
  },
];

const resultSchema: JsonSchema = {
  type: "object",
  properties: {
    title: { type: "string", minLength: 1, maxLength: 80, pattern: "^[A-Z]" },
    severity: { enum: ["low", "high", null] },
    score: { type: "number", minimum: 0, exclusiveMaximum: 10 },
    places: { type: "array", items: { $ref: "#/$defs/place" }, minItems: 1, uniqueItems: true },
    more: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }], default: null },
  },
  required: ["title", "places"],
  additionalProperties: { type: "string" },
  $defs: {
    place: {
      type: "object",
      properties: { file: { type: "string" }, line: { type: "integer" }, inside: { $ref: "#/$defs/place" } },
      required: ["file"],
      additionalProperties: false,
    },
  },
};

/** Lets the far side answer with a call, answers it, and returns what the next request holds. */
async function sendBack(context: CaseContext, reply: FarReply): Promise<FarRequest> {
  const { bench } = context;
  bench.script([reply, { text: "42" }]);
  const question = userSays("What is six times seven?");
  const { response } = await ask(context, { request: { messages: [question], tools: [calculateTool] } });
  const call = response.content.find((block) => block.type === "tool_call");
  const messages: readonly Message[] = [
    question,
    { role: "assistant", content: response.content },
    { role: "tool", content: [result(call?.id ?? "", "42")] },
  ];
  await ask(context, { request: { messages, tools: [calculateTool] } });
  return seenLast(context);
}

async function send(context: CaseContext, messages: readonly Message[]): Promise<FarRequest> {
  context.bench.script([{ text: "42" }]);
  await ask(context, { request: { messages, tools: [calculateTool] } });
  return seenLast(context);
}

function seenLast({ bench }: CaseContext): FarRequest {
  const seen = bench.requests().at(-1);
  if (seen === undefined) throw new Error("The far side saw no request.");
  return seen;
}

function userSays(text: string): Message {
  return { role: "user", content: [textBlock(text)] };
}

function callsOf(...ids: readonly string[]): Message {
  const content = ids.map((id) => {
    return { type: "tool_call", id, name: "calculate", input: { expression: id } } as const;
  });
  return { role: "assistant", content };
}

function result(callId: string, text: string): ToolResultBlock {
  return { type: "tool_result", callId, content: [textBlock(text)] };
}

function resultsOf({ messages }: FarRequest): readonly string[] {
  return messages.filter(({ callId }) => callId !== undefined).map(({ text }) => text);
}

function answeredIds({ messages }: FarRequest): readonly string[] {
  return messages.flatMap(({ callId }) => callId ?? []);
}

function callIds({ messages }: FarRequest): readonly string[] {
  return messages.flatMap(({ toolCalls: calls }) => calls.map(({ id }) => id));
}
