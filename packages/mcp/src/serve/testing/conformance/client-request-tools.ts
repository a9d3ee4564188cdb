import type { ServerContext } from "@modelcontextprotocol/server";
import { type FixtureTool, objectOf, text } from "./fixture-tool.ts";

/** Tools that ask the client in the middle of a call, as servers did up to 2025-11-25. */
export const clientRequestTools: readonly FixtureTool[] = [
  {
    name: "test_sampling",
    inputSchema: objectOf({ prompt: { type: "string" } }),
    async run({ prompt }, { mcpReq }) {
      const messages = [{ role: "user" as const, content: { type: "text" as const, text: String(prompt) } }];
      const { content } = await mcpReq.requestSampling({ messages, maxTokens: 100 });
      return text(`LLM response: ${JSON.stringify(content)}`);
    },
  },
  {
    name: "test_elicitation",
    inputSchema: objectOf({ message: { type: "string" } }),
    run: ({ message }, context) =>
      elicit(context, String(message), { username: { type: "string" }, email: { type: "string" } }, [
        "username",
        "email",
      ]),
  },
  {
    name: "test_elicitation_sep1034_defaults",
    run: (_, context) =>
      elicit(context, "Please review the fields with defaults", {
        name: { type: "string", default: "John Doe" },
        age: { type: "integer", default: 30 },
        score: { type: "number", default: 95.5 },
        status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
        verified: { type: "boolean", default: true },
      }),
  },
  {
    name: "test_elicitation_sep1330_enums",
    run: (_, context) =>
      elicit(context, "Please select options", {
        untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
        titledSingle: { type: "string", oneOf: titled("value", "Option") },
        legacyEnum: {
          type: "string",
          enum: ["opt1", "opt2", "opt3"],
          enumNames: ["Option One", "Option Two", "Option Three"],
        },
        untitledMulti: {
          type: "array",
          minItems: 1,
          maxItems: 3,
          items: { type: "string", enum: ["option1", "option2", "option3"] },
        },
        titledMulti: { type: "array", minItems: 1, maxItems: 3, items: { anyOf: titled("value", "Choice") } },
      }),
  },
];

type Properties = Parameters<ServerContext["mcpReq"]["elicitInput"]>[0] extends infer Params
  ? Params extends { requestedSchema: { properties: infer Found } }
    ? Found
    : never
  : never;

async function elicit(
  { mcpReq }: ServerContext,
  message: string,
  properties: Properties,
  required: string[] = [],
): Promise<ReturnType<typeof text>> {
  const { action, content } = await mcpReq.elicitInput({
    message,
    requestedSchema: { type: "object", properties, required },
  });
  return text(`User response: action=${action}, content=${JSON.stringify(content ?? {})}`);
}

function titled(value: string, title: string): { const: string; title: string }[] {
  return ["First", "Second", "Third"].map((place, index) => ({
    const: `${value}${index + 1}`,
    title: `${place} ${title}`,
  }));
}
