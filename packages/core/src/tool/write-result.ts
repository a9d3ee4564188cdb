import type { JsonSchema } from "../schema/json-schema.ts";
import type { Schema } from "../schema/schema.ts";
import { lazily } from "../util/lazily.ts";
import { type ResultInput, resultInput } from "./result-input.ts";
import type { Tool, ToolSource } from "./tool.ts";
import { finishTicket } from "./tool-result.ts";

const description =
  "Finishes the ticket with its result. Call it once, when the work is done: the result is checked against the schema of the arguments, and a result that does not fit comes back with what to mend. Nothing runs after it.";

const withoutSchema = lazily((): readonly Tool[] => [
  toTool(resultInput({ schema: undefined, own: undefined })),
]);
const bySchema = new WeakMap<object, readonly Tool[]>();

/** The tool that ends a ticket; its input schema is the ticket's result schema. Every agent has it unless it is bare. */
export function writeResult(): ToolSource {
  return source;
}

/** An agent's tools with `write_result` before them, unless they bring one of that name. */
export function withWriteResult(tools: readonly (Tool | ToolSource)[] = []): readonly (Tool | ToolSource)[] {
  return tools.some(({ name }) => name === source.name) ? tools : [source, ...tools];
}

const source: ToolSource = {
  name: "write_result",
  tools({ ticket: { schema }, resultSchema }) {
    if (schema === undefined && resultSchema === undefined) return withoutSchema();
    // Keyed by the user's schema where there is one: tickets filed with it differ in their own copies of the document.
    const identity = resultSchema ?? schema;
    const known = typeof identity === "object" ? bySchema.get(identity) : undefined;
    return (
      known ??
      remember(identity, [toTool(resultInput({ schema: resultSchema?.json ?? schema, own: resultSchema }))])
    );
  },
};

function remember(identity: Schema | JsonSchema | undefined, tools: readonly Tool[]): readonly Tool[] {
  if (typeof identity === "object") bySchema.set(identity, tools);
  return tools;
}

function toTool({ inputSchema, parse, resultOf }: ResultInput): Tool {
  return {
    name: "write_result",
    description,
    inputSchema,
    parseInput: parse,
    readOnly: false,
    idempotent: true,
    destructive: false,
    deferred: false,
    control: true,
    finishes: true,
    run: (input) => finishTicket({ result: resultOf(input), message: "The result was accepted." }),
  };
}
