import { parseJson } from "../util/json.ts";
import { renderTemplate } from "../util/render-template.ts";
import { resultInput } from "./result-input.ts";
import type { Tool, ToolSource, ToolSourceContext } from "./tool.ts";
import { finishTicket } from "./tool-result.ts";

const description =
  "Finishes the ticket with its result and files a follow-up ticket, in one step. Use it instead of write_result when somebody else has to go on. In the follow-up's task, {parent_key} and {parent_result} stand for this ticket's key and result.";

interface Handover {
  readonly task: string;
  readonly labels?: readonly string[];
  readonly priority?: number;
}

/** The tool by which an agent finishes its ticket and hands the work on, without a moment at which the queue looks empty. */
export function writeHandover(): ToolSource {
  return source;
}

const source: ToolSource = { name: "write_handover", tools: (context) => [toTool(context)] };

function toTool({ ticket, resultSchema }: ToolSourceContext): Tool {
  const { inputSchema, parse, resultOf } = resultInput({
    schema: resultSchema?.json ?? ticket.schema,
    own: resultSchema,
    beside: {
      properties: {
        task: {
          type: "string",
          minLength: 1,
          description:
            "What the follow-up ticket asks for, complete in itself; JSON where the tickets of its label are JSON.",
        },
        labels: {
          type: "array",
          items: { type: "string", minLength: 1 },
          description: "Who takes it: an agent with one of these labels. None: an agent without labels.",
        },
        priority: { type: "number", description: "Higher goes first; 0 unless given." },
      },
      required: ["task"],
    },
  });
  return {
    name: "write_handover",
    description,
    inputSchema,
    parseInput: parse,
    readOnly: false,
    idempotent: true,
    destructive: false,
    deferred: false,
    control: true,
    finishes: true,
    run(input, { agent }) {
      const result = resultOf(input);
      const { task, labels, priority } = input as Handover;
      const text = renderTask(task, {
        parent_key: ticket.key,
        parent_result: typeof result === "string" ? result : JSON.stringify(result, null, 2),
      });
      return finishTicket({
        result,
        children: [{ task: text, labels, priority, reporter: agent, parent: ticket.key }],
        message: "The result was accepted and the follow-up ticket was filed.",
      });
    },
  };
}

/** In a task that is JSON, the texts of it are filled, so that it stays JSON whatever the values are. */
function renderTask(task: string, values: Readonly<Record<string, string>>): string {
  const json = /^\s*[[{]/.test(task) ? parseJson(task) : undefined;
  if (json === undefined) return renderTemplate(task, values);
  return JSON.stringify(json, (_name, value: unknown) =>
    typeof value === "string" ? renderTemplate(value, values) : value,
  );
}
