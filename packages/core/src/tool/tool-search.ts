import { lazily } from "../util/lazily.ts";
import { defineTool } from "./define-tool.ts";
import type { Tool } from "./tool.ts";
import { toolError } from "./tool-result.ts";

/** Calls a tool that is not in the list, so that the list, and with it the vendor's prompt cache, never changes. */
export const toolCallName = "tool_call";

const mostFound = 5;

/** Finds deferred tools by words in their names and descriptions; there as soon as an agent has a deferred tool. */
export const toolSearch: () => Tool = lazily(() =>
  defineTool({
    name: "tool_search",
    description:
      "Finds further tools that are not in your list, by words of their names and descriptions. Answers with up to 5 tools and their input schemas; call them through tool_call. Use it before you say that something cannot be done.",
    input: {
      type: "object",
      properties: {
        query: { type: "string", minLength: 1, description: "Words for what the tool should do." },
      },
      required: ["query"],
      additionalProperties: false,
    },
    readOnly: true,
    run(input, { tools }) {
      const query = (input as { query: string }).query;
      const words = query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
      const found = tools
        .filter(({ deferred }) => deferred)
        .map((tool) => ({ tool, score: scoreOf(tool, words) }))
        .filter(({ score }) => score > 0)
        .sort((left, right) => right.score - left.score || left.tool.name.localeCompare(right.tool.name))
        .slice(0, mostFound);
      if (found.length === 0) return `No further tool matches ${JSON.stringify(query)}; try other words.`;
      return JSON.stringify(
        found.map(({ tool: { name, description, inputSchema } }) => ({ name, description, inputSchema })),
      );
    },
  }),
);

/** A word in the name weighs three times one in the description. */
function scoreOf({ name, description }: Tool, words: readonly string[]): number {
  const inName = name.toLowerCase();
  const inDescription = description.toLowerCase();
  let score = 0;
  for (const word of words) score += (inName.includes(word) ? 3 : 0) + (inDescription.includes(word) ? 1 : 0);
  return score;
}

/** Runs a tool that `tool_search` found. The loop puts the inner tool in its place, so that tool's own rules hold. */
export const toolCallTool: () => Tool = lazily(() =>
  defineTool({
    name: toolCallName,
    description:
      "Calls a tool that tool_search found. input is the object that the found tool's schema describes.",
    input: {
      type: "object",
      properties: { name: { type: "string" }, input: { type: "object" } },
      required: ["name", "input"],
      additionalProperties: false,
    },
    run: () => toolError("name is missing: give the name of a tool that tool_search found."),
  }),
);
