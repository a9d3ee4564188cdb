import { resolve } from "node:path";
import { type AgentLike, memoryStore, type Plugin, type Policy, TicketSystem } from "@agentwerk/core";
import { makeAgents, standIn } from "./make-agents.ts";
import { vendorPlugin } from "./make-model.ts";
import { makeProjectPlugins } from "./make-plugins.ts";
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
  const { adapt = (agent) => agent } = options;
  const team = await makeAgents(project, { agents: options.agents ?? project.agents });
  const closing: Plugin = { name: "agentwerk: what was started for agents", close: () => team.close() };
  const plugins = [...team.plugins, vendorPlugin(project.root), closing];
  return createSystem(project, { ...options, agents: team.agents.map((agent) => adapt(agent)), plugins });
}

/**
 * A ticket system to look into and to steer: agents are known by name and labels, and cannot work. Needs no key, unless
 * models are named.
 * @throws ConfigError or AgentwerkError naming the field.
 */
export async function openQueue(
  project: Project,
  { withModels = false }: { readonly withModels?: boolean } = {},
): Promise<TicketSystem> {
  const needsPlugins = withModels || typeof project.config.store === "string";
  const plugins = needsPlugins ? await makeProjectPlugins(project) : [];
  const parts = plugins.map(({ name, stores, providers }): Plugin => ({ name, stores, providers }));
  const agents = project.agents.map(standIn);
  return createSystem(project, {
    agents,
    plugins: withModels ? [...parts, vendorPlugin(project.root)] : parts,
  });
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
