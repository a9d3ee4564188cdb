import type { AgentDefinition } from "../agent/agent-definition.ts";
import { toErrorMessage } from "../errors/to-error-message.ts";
import type { ToolDefinition } from "../provider/provider.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { isToolSource, type Tool, type ToolSource } from "../tool/tool.ts";
import { toolCallTool, toolSearch } from "../tool/tool-search.ts";
import type { LoopHost } from "./loop-host.ts";
import type { TicketWriter } from "./ticket-writer.ts";

/** The tools of one ticket. */
export interface ToolSet {
  readonly all: readonly Tool[];
  readonly byName: ReadonlyMap<string, Tool>;
  /** What the model is told, in a fixed order; the same array for every turn. */
  readonly listed: readonly ToolDefinition[];
  /** Length of what the model is told, as JSON. */
  readonly characters: number;
  /** Whether a tool is there that can end the ticket; without one, the model's text is the result. */
  readonly finishes: boolean;
}

interface Collected {
  /** What the sources answered, entry by entry. */
  readonly parts: readonly (Tool | readonly Tool[])[];
  readonly set: ToolSet;
}

/** An agent's last set: tickets for which the sources answer with the same arrays share it. */
const lastSets = new WeakMap<readonly (Tool | ToolSource)[], Collected>();

/** Asks the sources and lists what is there. Of two tools of one name the first stays. */
export async function collectTools(options: {
  readonly agent: AgentDefinition;
  readonly ticket: Ticket;
  readonly host: LoopHost;
  readonly signal: AbortSignal;
  readonly writer: TicketWriter;
}): Promise<ToolSet> {
  const { agent } = options;
  const parts: (Tool | readonly Tool[])[] = [];
  for (const entry of agent.tools) {
    if (!isToolSource(entry)) {
      parts.push(entry);
      continue;
    }
    const answer = askSource(entry, options);
    parts.push(answer instanceof Promise ? await answer : answer);
  }
  const last = lastSets.get(agent.tools);
  if (last?.parts.every((part, index) => part === parts[index]) === true) return last.set;
  const set = toToolSet(parts.flat());
  lastSets.set(agent.tools, { parts, set });
  return set;
}

const noTools: readonly Tool[] = [];

/** A source that fails leaves its tools out, and the ticket goes on with the others. */
function askSource(
  source: ToolSource,
  { agent, ticket, host, signal, writer }: Parameters<typeof collectTools>[0],
): readonly Tool[] | Promise<readonly Tool[]> {
  const report = (message: string): void =>
    writer.note({ events: [{ type: "tool_source_failed", source: source.name, message }] });
  const onError = (error: unknown): readonly Tool[] => {
    signal.throwIfAborted();
    report(toErrorMessage(error));
    return noTools;
  };
  try {
    const resultSchema = host.resultSchema(ticket);
    const answer = source.tools({ ticket, agent: agent.name, signal, resultSchema, report });
    return answer instanceof Promise ? answer.catch(onError) : answer;
  } catch (error) {
    return onError(error);
  }
}

function toToolSet(tools: readonly Tool[]): ToolSet {
  const byName = new Map<string, Tool>();
  const deferred = tools.some((tool) => tool.deferred);
  for (const tool of deferred ? [...tools, toolSearch(), toolCallTool()] : tools) {
    if (!byName.has(tool.name)) byName.set(tool.name, tool);
  }
  const all = [...byName.values()];
  const listed = all
    .filter((tool) => !tool.deferred)
    .map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  return {
    all,
    byName,
    listed,
    characters: JSON.stringify(listed).length,
    finishes: all.some(({ finishes }) => finishes === true),
  };
}
