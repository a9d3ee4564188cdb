import { Agent, defineTool } from "@agentwerk/core";
import { lastToolResults, startSimulator } from "@agentwerk/llm-simulator";
import { expect, test } from "vitest";
import { openai } from "./openai.ts";

const calculate = defineTool({
  name: "calculate",
  description: "Calculates.",
  input: { type: "object", properties: { expression: { type: "string" } }, required: ["expression"] },
  readOnly: true,
  run: async () => "42",
});

test("an agent works a ticket: with thinking, tools, a correction and a result that fits the schema", async () => {
  const signatures: unknown[] = [];
  await using simulator = await startSimulator({
    respond: (conversation) => {
      const [result] = lastToolResults(conversation);
      const turn = conversation.messages.filter(({ role }) => role === "assistant").length;
      signatures.push(
        ...(conversation.messages.findLast(({ role }) => role === "assistant")?.signatures ?? []),
      );
      if (turn === 0) return { reasoning: "I forget the tool.", text: "It is 42, I guess." };
      if (result === undefined) {
        const toolCalls = ["6 * 7", "7 * 6"].map((expression) => ({
          name: "calculate",
          input: { expression },
        }));
        return { reasoning: "I ask twice.", toolCalls };
      }
      return { toolCalls: [{ name: "write_result", input: { answer: Number(result.text) } }] };
    },
  });
  const model = openai("gpt-5", {
    api: "responses",
    apiKey: "sk-0123456789abcdef",
    baseUrl: simulator.baseUrls.openai,
    env: {},
  });
  const agent = new Agent({ model, role: "You calculate.", tools: [calculate] });
  const schema = {
    type: "object",
    properties: { answer: { type: "integer" } },
    required: ["answer"],
    additionalProperties: false,
  } as const;
  expect(await agent.run("What is six times seven?", { schema })).toEqual({ answer: 42 });
  expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(signatures).toHaveLength(2);
});
