import {
  Agent,
  type AgentLike,
  knowledgeTool,
  memoryStore,
  type Plugin,
  skillTool,
  TicketSystem,
  type Tool,
  type ToolSource,
} from "@agentwerk/core";
import { makeAgents } from "./make-agents.ts";
import type { AgentEntry, Project } from "./project.ts";

export interface Toolbox extends AsyncDisposable {
  readonly agents: readonly { readonly name: string; readonly tools: readonly Tool[] }[];
  /** What sources said is missing, and why. */
  readonly problems: readonly string[];
}

/**
 * The tools that each agent would have on a ticket, those of its sources and of plugins included. Needs no model.
 * @throws ConfigError or AgentwerkError naming the field.
 */
export async function openToolbox(
  project: Project,
  { agents }: { readonly agents: readonly AgentEntry[] },
): Promise<Toolbox> {
  const team = await makeAgents(project, { agents, withoutModels: true });
  try {
    const listed: Toolbox["agents"][number][] = [];
    const problems: string[] = [];
    const report = (problem: string): void => void problems.push(problem);
    for (const agent of team.agents) listed.push(await listTools(agent, { plugins: team.plugins, report }));
    return { agents: listed, problems, [Symbol.asyncDispose]: () => team.close() };
  } catch (error) {
    await team.close();
    throw error;
  }
}

async function listTools(
  agent: AgentLike,
  { plugins, report }: { readonly plugins: readonly Plugin[]; readonly report: (problem: string) => void },
): Promise<Toolbox["agents"][number]> {
  const { definition } = "definition" in agent ? agent : new Agent(agent);
  const { name } = definition;
  const own = definition.tools;
  const isBare = !own.some((tool) => tool.name === "write_result");
  const knowledge = definition.knowledge ?? plugins.find((plugin) => plugin.knowledge)?.knowledge;
  const shared: (Tool | ToolSource)[] = [
    ...plugins.flatMap((plugin) => plugin.tools ?? []),
    ...(knowledge === undefined || isBare ? [] : [knowledgeTool(knowledge)]),
  ];
  if (definition.skills !== undefined) shared.push(skillTool(definition.skills));
  const all = [...own, ...shared.filter((tool) => !own.some((other) => other.name === tool.name))];
  return {
    name,
    tools: (await Promise.all(all.map((tool) => expandSource(tool, { agent: name, report })))).flat(),
  };
}

/** Sources are asked as for a ticket that says nothing. */
async function expandSource(
  tool: Tool | ToolSource,
  options: { readonly agent: string; readonly report: (problem: string) => void },
): Promise<readonly Tool[]> {
  if (!("tools" in tool)) return [tool];
  await using tickets = new TicketSystem({ store: memoryStore() });
  const ticket = await (await tickets.task("A ticket to look at tools with.")).get();
  return tool.tools({ ...options, ticket, signal: AbortSignal.timeout(60_000) });
}
