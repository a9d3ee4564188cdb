import { type AgentDefinition, defineAgent } from "../agent/agent-definition.ts";
import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { Plugin } from "../plugin/plugin.ts";
import { knowledgeTool } from "../tool/knowledge-tool.ts";
import { skillTool } from "../tool/skill-tool.ts";
import type { Tool, ToolSource } from "../tool/tool.ts";
import { withWriteResult } from "../tool/write-result.ts";
import type { AgentLike } from "./ticket-system-options.ts";

/** The agents of a system by name, each with what the plugins bring for all of them. */
export class AgentRegistry {
  readonly #agents = new Map<string, AgentDefinition>();
  readonly #plugins: readonly Plugin[];

  constructor(plugins: readonly Plugin[]) {
    this.#plugins = plugins;
  }

  get all(): ReadonlyMap<string, AgentDefinition> {
    return this.#agents;
  }

  /** @throws AgentwerkError `conflict` for a name that is taken, and what `check` throws; then nothing was added. */
  add(agent: AgentLike, check: (definition: AgentDefinition) => void): void {
    const definition =
      "definition" in agent
        ? agent.definition
        : defineAgent({ ...agent, tools: withWriteResult(agent.tools) });
    if (this.#agents.has(definition.name)) {
      throw new AgentwerkError({
        code: "conflict",
        field: "agent.name",
        message: `There is already an agent named ${definition.name}; give this one another name.`,
      });
    }
    check(definition);
    const knowledge = definition.knowledge ?? this.#plugins.find((plugin) => plugin.knowledge)?.knowledge;
    const tools = this.#toolsOf({ ...definition, knowledge });
    this.#agents.set(definition.name, { ...definition, tools, knowledge });
  }

  /** Its own tools, and shared ones of names that it has not taken. */
  #toolsOf({ tools: own, knowledge, skills }: AgentDefinition): readonly (Tool | ToolSource)[] {
    const isBare = !own.some(({ name }) => name === "write_result");
    const shared = [
      ...this.#plugins.flatMap((plugin) => plugin.tools ?? []),
      ...(knowledge === undefined || isBare ? [] : [knowledgeTool(knowledge)]),
      ...(skills === undefined ? [] : [skillTool(skills)]),
    ];
    const fresh = shared.filter((tool) => !own.some(({ name }) => name === tool.name));
    return fresh.length === 0 ? own : [...own, ...fresh];
  }
}
