import type { Tool } from "@agentwerk/core";
import { type CommandContext, openProjectOf } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { unknownAgent } from "../../cli/unknown-agent.ts";
import { openToolbox } from "../../config/open-toolbox.ts";
import { groupDigits } from "../../show/format.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { sanitize, sanitizeLine } from "../../show/sanitize.ts";
import { type Column, formatTable } from "../../show/table.ts";

export interface ListToolsOptions {
  readonly agent?: string | undefined;
  readonly schemas?: true | undefined;
  readonly json?: true | undefined;
}

interface ToolRow {
  readonly tool: Tool;
  readonly agents: readonly string[];
  readonly tokens: number;
}

export async function listTools(options: ListToolsOptions, context: CommandContext): Promise<ExitCode> {
  const { out, log } = context;
  const project = await openProjectOf(context);
  const names = project.agents.map(({ name }) => name);
  if (options.agent !== undefined && !names.includes(options.agent)) {
    throw unknownAgent(options.agent, names);
  }
  const agents = project.agents.filter(({ name }) => options.agent === undefined || name === options.agent);
  await using toolbox = await openToolbox(project, { agents });
  const rows = collect(toolbox.agents);
  for (const problem of toolbox.problems) log.write(`agentwerk: ${sanitizeLine(problem)}\n`);
  if (options.json === true) {
    out.write(toJsonLine(rows.map(toJson)));
    return exitCodes.ok;
  }
  out.write(formatTable(rows, { columns, terminal: out }));
  if (options.schemas === true) {
    for (const { tool } of rows) {
      const schema = JSON.stringify(tool.inputSchema, undefined, 2);
      out.write(
        `\n${out.paint("bold", sanitizeLine(tool.name))}\n${sanitize(tool.description)}\n${sanitize(schema)}\n`,
      );
    }
  }
  const listed = rows.filter(({ tool }) => !tool.deferred);
  const sum = listed.reduce((total, { tokens }) => total + tokens, 0);
  log.write(
    `${log.paint("dim", `About ${groupDigits(sum)} tokens in all; deferred tools take none until they are found.`)}\n`,
  );
  return exitCodes.ok;
}

const columns: readonly Column<ToolRow>[] = [
  { title: "tool", cell: ({ tool }) => sanitizeLine(tool.name) },
  { title: "agents", cell: ({ agents }) => sanitizeLine(agents.join(", ")), flexible: true },
  {
    title: "does",
    cell: ({ tool }) => describeEffect(tool),
    colour: ({ tool }) => (tool.readOnly ? "green" : "yellow"),
  },
  { title: "tokens", cell: ({ tokens }) => groupDigits(tokens), align: "right" },
  { title: "description", cell: ({ tool }) => sanitizeLine(tool.description), flexible: true },
];

function describeEffect(tool: Tool): string {
  const words = [tool.readOnly ? "reads" : "writes"];
  if (tool.control) words.splice(0, 1, "decides");
  if (tool.deferred) words.push("deferred");
  if (tool.needsApproval !== undefined) words.push("approval");
  return words.join(", ");
}

function collect(
  agents: readonly { readonly name: string; readonly tools: readonly Tool[] }[],
): readonly ToolRow[] {
  const rows = new Map<string, ToolRow>();
  for (const { name, tools } of agents) {
    for (const tool of tools) {
      // Two agents may have tools of one name that differ, such as bash with other patterns.
      const definition = JSON.stringify([tool.name, tool.description, tool.inputSchema]);
      const known = rows.get(definition);
      rows.set(definition, {
        tool,
        agents: [...(known?.agents ?? []), name],
        tokens: estimateTokens(definition),
      });
    }
  }
  return [...rows.values()].sort((left, right) => left.tool.name.localeCompare(right.tool.name));
}

/** Of JSON with English in it, vendors' tokenizers make a token of about four characters. */
const charactersPerToken = 4;

function estimateTokens(definition: string): number {
  return Math.ceil(definition.length / charactersPerToken);
}

function toJson({ tool, agents, tokens }: ToolRow): object {
  const { name, description, inputSchema, readOnly, idempotent, destructive, deferred, control } = tool;
  const approval = tool.needsApproval !== undefined;
  return {
    name,
    agents,
    tokens,
    readOnly,
    idempotent,
    destructive,
    deferred,
    control,
    approval,
    description,
    inputSchema,
  };
}
