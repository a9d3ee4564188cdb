import { resolve } from "node:path";
import {
  type AgentLike,
  type AgentOptions,
  AgentwerkError,
  defineModel,
  type Model,
  type Plugin,
} from "@agentwerk/core";
import type { AgentConfig } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { makeKnowledge, makeSkills } from "./make-knowledge.ts";
import { makeModel } from "./make-model.ts";
import { makeProjectPlugins } from "./make-plugins.ts";
import { type MountedServers, makeTools } from "./make-tools.ts";
import { mountServers } from "./mount-servers.ts";
import type { AgentEntry, Project } from "./project.ts";

export interface MakeAgentsOptions {
  readonly agents: readonly AgentEntry[];
  /** Gives each agent a model that cannot answer, so that no key is needed. */
  readonly withoutModels?: boolean;
}

/** What a configuration comes to. */
export interface Team {
  readonly agents: readonly AgentLike[];
  readonly plugins: readonly Plugin[];
  /** Ends what was started for the agents. */
  close(): Promise<void>;
}

/**
 * Makes agents with all that they need: models, tools, knowledge, and the plugins of the configuration.
 * @throws ConfigError or AgentwerkError naming the field.
 */
export async function makeAgents(project: Project, options: MakeAgentsOptions): Promise<Team> {
  const { config, root } = project;
  const plugins = await makeProjectPlugins(project);
  const servers = await mountServers(project);
  const knowledge =
    config.knowledge === undefined
      ? undefined
      : await makeKnowledge(project.expand(config.knowledge, "knowledge"), { field: "knowledge", root });
  const { withoutModels = false } = options;
  const context = { project, plugins, servers, knowledge, withoutModels };
  const agents: AgentLike[] = [];
  for (const entry of options.agents) agents.push(await makeAgent(entry, context));
  return { agents, plugins, close: () => servers.close() };
}

interface AgentContext {
  readonly project: Project;
  readonly plugins: readonly Plugin[];
  readonly servers: MountedServers;
  readonly knowledge: AgentOptions["knowledge"];
  readonly withoutModels: boolean;
}

async function makeAgent({ entry, field }: AgentEntry, context: AgentContext): Promise<AgentLike> {
  if ("definition" in entry) return entry;
  const { project, servers, withoutModels } = context;
  const { root } = project;
  const { model, tools, knowledge, skills, dir, ...plain } = entry;
  const made = withoutModels ? silentModel() : await chooseModel(model, field, context);
  try {
    return {
      ...plain,
      dir: resolve(root, dir ?? "."),
      model: made,
      tools: await makeTools(tools ?? [], { field: `${field}.tools`, root, servers }),
      knowledge: await chooseKnowledge(knowledge, field, context),
      skills: await chooseSkills(skills, field, context),
    };
  } catch (error) {
    if (
      AgentwerkError.isInstance(error) &&
      error.code === "invalid_input" &&
      !error.message.startsWith(field)
    ) {
      throw new ConfigError(`${field}: ${error.message}`, { field, cause: error });
    }
    throw error;
  }
}

async function chooseModel(
  own: AgentConfig["model"],
  field: string,
  { project, plugins }: AgentContext,
): Promise<Model> {
  const { config, root } = project;
  // `model: inherit` is how coding agents say that a definition names none.
  const isOwn = own !== undefined && own !== "inherit";
  const modelField = isOwn ? `${field}.model` : "model";
  const reference = isOwn ? own : (config.model ?? "env");
  return makeModel(project.expand(reference, modelField), { field: modelField, root, plugins });
}

async function chooseKnowledge(
  own: AgentConfig["knowledge"],
  field: string,
  { project, knowledge }: AgentContext,
): Promise<AgentOptions["knowledge"]> {
  if (own === false) return undefined;
  if (own === undefined) return knowledge;
  return makeKnowledge(own, { field: `${field}.knowledge`, root: project.root });
}

async function chooseSkills(
  own: AgentConfig["skills"],
  field: string,
  { project }: AgentContext,
): Promise<AgentOptions["skills"]> {
  const { config, root } = project;
  if (own === false) return undefined;
  if (own !== undefined) return makeSkills(own, { field: `${field}.skills`, root });
  if (config.skills === undefined) return undefined;
  return makeSkills(project.expand(config.skills, "skills"), { field: "skills", root });
}

/** An agent that takes part in explanations only. */
export function standIn({ name, labels }: AgentEntry): AgentLike {
  return { name, labels, role: "", model: silentModel() };
}

function silentModel(): Model {
  const respond = () => Promise.reject(new Error("This agent only stands for another one."));
  return defineModel({ provider: { name: "none", respond }, name: "none" });
}
