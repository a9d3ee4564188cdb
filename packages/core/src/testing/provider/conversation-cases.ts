import { expect } from "vitest";
import type { Message, ToolResultBlock } from "../../provider/content.ts";
import { textBlock } from "../../provider/content.ts";
import type { ToolChoice } from "../../provider/provider.ts";
import { calculateTool } from "./calculate-tool.ts";
import { pixel } from "./files.ts";
import type { FarRequest } from "./provider-bench.ts";
import type { CaseContext, ProviderCase } from "./provider-case.ts";
import { ask } from "./provider-case.ts";

const image = { type: "image", mediaType: "image/png", data: pixel } as const;

/** What of a request reaches the vendor. */
export const conversationCases: readonly ProviderCase[] = [
  {
    id: "system_prompt",
    title: "the system prompt and the user's text arrive",
    async run(context) {
      const seen = await send(context, [userSays("Hello!")]);
      expect(seen.system).toBe("You answer briefly.");
      expect(seen.messages).toMatchObject([{ role: "user", text: "Hello!" }]);
      expect(seen.stream).toBe(context.streamed);
    },
  },
  {
    id: "tool_definitions",
    title: "tools arrive with name, description and schema",
    async run(context) {
      const seen = await send(context, [userSays("Hello!")]);
      expect(seen.tools).toEqual([calculateTool]);
    },
  },
  {
    id: "tool_choice",
    title: "each kind of tool choice arrives",
    async run(context) {
      const choices: readonly ToolChoice[] = ["auto", "required", "none", { tool: "calculate" }];
      for (const toolChoice of choices) {
        context.bench.script([{ text: "42" }]);
        await ask(context, { request: { tools: [calculateTool], toolChoice } });
        expect(context.bench.requests()[0]?.toolChoice).toEqual(toolChoice);
      }
    },
  },
  {
    id: "images",
    title: "an image of the user arrives unharmed, beside its text",
    async run(context) {
      const seen = await send(context, [{ role: "user", content: [textBlock("What is this?"), image] }]);
      expect(seen.messages[0]?.text).toBe("What is this?");
      expect(seen.messages[0]?.images).toEqual([{ mediaType: "image/png", data: pixel }]);
    },
  },
  {
    id: "documents",
    title: "a PDF of the user arrives unharmed, beside its text",
    async run(context) {
      const pdf = {
        type: "document",
        mediaType: "application/pdf",
        data: "JVBERi0xLjQK",
        name: "a.pdf",
      } as const;
      const seen = await send(context, [{ role: "user", content: [textBlock("What is this?"), pdf] }]);
      expect(seen.messages[0]?.text).toBe("What is this?");
      expect(seen.messages[0]?.documents).toMatchObject([{ mediaType: pdf.mediaType, data: pdf.data }]);
    },
  },
  {
    id: "tool_results",
    title: "each result arrives once, with the id of its call",
    async run(context) {
      const seen = await send(context, [...callsOf("a", "b"), results(result("a", "2"), result("b", "4"))]);
      const calls = seen.messages.flatMap((message) => message.toolCalls);
      expect(calls.map(({ name, input }) => ({ name, input }))).toEqual([
        { name: "calculate", input: { expression: "a" } },
        { name: "calculate", input: { expression: "b" } },
      ]);
      const answers = seen.messages.filter((message) => message.callId !== undefined);
      expect(answers.map(({ callId, text }) => [callId, text])).toEqual([
        [calls[0]?.id, "2"],
        [calls[1]?.id, "4"],
      ]);
    },
  },
  {
    id: "tool_errors",
    title: "a failed call's text arrives and can be told from a success",
    async run(context) {
      const failed = { ...result("a", "Division by zero."), isError: true };
      const [whenFailed, whenFine] = [
        await send(context, [...callsOf("a"), results(failed)]),
        await send(context, [...callsOf("a"), results(result("a", "Division by zero."))]),
      ].map((seen) => JSON.stringify(seen.messages.at(-1)));
      expect(whenFailed).toContain("Division by zero.");
      expect(whenFailed).not.toBe(whenFine);
    },
  },
  {
    id: "tool_images",
    title: "an image in a tool's result arrives after the call",
    async run(context) {
      const withImage = { ...result("a", "The plot:"), content: [textBlock("The plot:"), image] };
      const seen = await send(context, [...callsOf("a", "b"), results(withImage, result("b", "4"))]);
      const index = seen.messages.findIndex((message) => message.toolCalls.length > 0);
      const images = seen.messages.slice(index + 1).flatMap((message) => message.images);
      expect(images).toEqual([{ mediaType: "image/png", data: pixel }]);
    },
  },
  {
    id: "many_turns",
    title: "a conversation over several turns keeps its order",
    async run(context) {
      const seen = await send(context, [
        ...callsOf("a"),
        results(result("a", "2")),
        { role: "assistant", content: [textBlock("It is 2.")] },
        userSays("And twice that?"),
      ]);
      expect(seen.messages.map(({ role, text }) => [role === "tool" ? "user" : role, text])).toEqual([
        ["user", "Calculate."],
        ["assistant", ""],
        ["user", "2"],
        ["assistant", "It is 2."],
        ["user", "And twice that?"],
      ]);
    },
  },
  {
    id: "malformed_call_sent_back",
    title: "a conversation that holds a malformed call is still accepted",
    async run(context) {
      const call = { type: "tool_call", id: "call_a", name: "calculate", input: {} } as const;
      const seen = await send(context, [
        userSays("Calculate."),
        { role: "assistant", content: [{ ...call, malformedInput: '{"expression": ' }] },
        results({ ...result("a", "The arguments are not JSON."), isError: true }),
      ]);
      expect(seen.messages).toHaveLength(3);
    },
  },
  {
    id: "empty_answer_sent_back",
    title: "a conversation that holds an empty answer is still accepted",
    async run(context) {
      const empty: Message = { role: "assistant", content: [] };
      const seen = await send(context, [userSays("Hello!"), empty, userSays("Are you there?")]);
      // Vendors that want alternation get the user's two messages as one.
      expect(seen.messages.at(-1)?.text).toMatch(/^(Hello!\s)?Are you there\?$/);
    },
  },
  {
    id: "foreign_reasoning",
    title: "the thinking of another provider is not sent",
    async run(context) {
      const reasoning = { type: "reasoning", text: "A secret.", signature: "x", provider: "other" } as const;
      const seen = await send(context, [
        userSays("Hello!"),
        { role: "assistant", content: [reasoning, textBlock("Hi.")] },
        userSays("And now?"),
      ]);
      expect(JSON.stringify(seen)).not.toContain("A secret.");
    },
  },
];

async function send(context: CaseContext, messages: readonly Message[]): Promise<FarRequest> {
  const { bench } = context;
  bench.script([{ text: "42" }]);
  await ask(context, { request: { messages, tools: [calculateTool] } });
  const [seen] = bench.requests();
  if (seen === undefined) throw new Error("The far side saw no request.");
  return seen;
}

function userSays(text: string): Message {
  return { role: "user", content: [textBlock(text)] };
}

function callsOf(...expressions: readonly string[]): readonly Message[] {
  const content = expressions.map((expression) => {
    return {
      type: "tool_call",
      id: `call_${expression}`,
      name: "calculate",
      input: { expression },
    } as const;
  });
  return [userSays("Calculate."), { role: "assistant", content }];
}

function result(expression: string, text: string): ToolResultBlock {
  return { type: "tool_result", callId: `call_${expression}`, content: [textBlock(text)] };
}

function results(...content: readonly ToolResultBlock[]): Message {
  return { role: "tool", content };
}
