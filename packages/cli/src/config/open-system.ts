import { resolve } from "node:path";
import {
  type AgentLike,
  type AgentOptions,
  AgentwerkError,
  defineModel,
  memoryStore,
  type Plugin,
  type Policy,
  TicketSystem,
} from "@agentwerk/core";
import type { AgentConfig } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { makeKnowledge } from "./make-knowledge.ts";
import { makeModel } from "./make-model.ts";
import { makePlugins } from "./make-plugins.ts";
import { makeTools } from "./make-tools.ts";
import { mountServers } from "./mount-servers.ts";
import type { AgentEntry, Project } from "./project.ts";

export interface OpenSystemOptions {
  /** Only these agents; all unless given. */
  readonly agents?: readonly AgentEntry[];
  /** Keeps all in memory instead of the configured store. */
  readonly inMemory?: boolean;
  /** Goes before the configured limits. */
  readonly policy?: Policy | undefined;
  /** Changes what an agent is made of, before it is made. */
  readonly adapt?: (agent: AgentLike) => AgentLike;
}

/**
 * A ticket system ready to work: models made, tools loaded, plugins in place.
 * @throws ConfigError or AgentwerkError naming the field.
 */
export async function openSystem(project: Project, options: OpenSystemOptions = {}): Promise<TicketSystem> {
  const { config, root } = project;
  const plugins = await makePlugins(config.plugins ?? [], { root });
  const servers = mountServers(project);
  const knowledge =
    config.knowledge === undefined
      ? undefined
      : await makeKnowledge(project.expand(config.knowledge, "knowledge"), { field: "knowledge", root });
  const context = { project, plugins, servers, knowledge };
  const agents: AgentLike[] = [];
  const { adapt = (agent) => agent } = options;
  for (const entry of options.agents ?? project.agents) agents.push(adapt(await makeAgent(entry, context)));
  const closing: readonly Plugin[] = [{ name: "agentwerk: MCP servers", close: () => servers.close() }];
  return createSystem(project, { ...options, agents, plugins: [...plugins, ...closing] });
}

/**
 * A ticket system to look into and to steer: agents are known by name and labels, and cannot work. Needs no key.
 * @throws ConfigError or AgentwerkError naming the field.
 */
export async function openQueue(project: Project): Promise<TicketSystem> {
  const { config, root } = project;
  const plugins = typeof config.store === "string" ? await makePlugins(config.plugins ?? [], { root }) : [];
  const stores = plugins.map(({ name, stores: given }): Plugin => ({ name, stores: given }));
  return createSystem(project, { agents: project.agents.map(standIn), plugins: stores });
}

function createSystem(
  project: Project,
  options: {
    readonly agents: readonly AgentLike[];
    readonly plugins: readonly Plugin[];
    readonly inMemory?: boolean;
    readonly policy?: Policy | undefined;
  },
): TicketSystem {
  const { config, root } = project;
  const { agents, plugins, inMemory = false } = options;
  const policy = { ...config.policy, ...options.policy };
  const { leaseDuration } = config;
  if (inMemory) return new TicketSystem({ store: memoryStore(), agents, plugins, policy, leaseDuration });
  return new TicketSystem({
    dir: resolve(root, project.expand(config.dir ?? ".agentwerk", "dir")),
    store: config.store === undefined ? undefined : project.expand(config.store, "store"),
    namespace: config.namespace === undefined ? undefined : project.expand(config.namespace, "namespace"),
    agents,
    plugins,
    policy,
    leaseDuration,
  });
}

interface AgentContext {
  readonly project: Project;
  readonly plugins: readonly Plugin[];
  readonly servers: ReturnType<typeof mountServers>;
  readonly knowledge: AgentOptions["knowledge"];
}

async function makeAgent({ entry, field }: AgentEntry, context: AgentContext): Promise<AgentLike> {
  if ("definition" in entry) return entry;
  const { project, plugins, servers } = context;
  const { root, config } = project;
  const { model, tools, knowledge, dir, ...plain } = entry;
  const modelField = model === undefined ? "model" : `${field}.model`;
  const reference = model ?? config.model ?? "env";
  try {
    return {
      ...plain,
      dir: resolve(root, dir ?? "."),
      model: await makeModel(project.expand(inherited(reference, config.model), modelField), {
        field: modelField,
        root,
        plugins,
      }),
      tools: await makeTools(tools ?? [], { field: `${field}.tools`, root, servers }),
      knowledge: await chooseKnowledge(knowledge, field, context),
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

/** `model: inherit` is how coding agents say that a definition names none. */
function inherited(
  reference: NonNullable<AgentConfig["model"]>,
  configured: AgentConfig["model"],
): NonNullable<AgentConfig["model"]> {
  return reference === "inherit" ? (configured ?? "env") : reference;
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

/** Takes part in explanations only. */
function standIn({ name, labels }: AgentEntry): AgentLike {
  const provider = {
    name: "none",
    respond: () => Promise.reject(new Error("This agent only stands for another one.")),
  };
  return { name, labels, role: "", model: defineModel({ provider, name: "none" }) };
}
