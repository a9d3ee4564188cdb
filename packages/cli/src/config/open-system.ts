import { resolve } from "node:path";
import {
  type AgentLike,
  memoryStore,
  type Plugin,
  type Policy,
  TicketSystem,
  type TicketSystemOptions,
} from "@agentwerk/core";
import { makeAgents, standIn } from "./make-agents.ts";
import { vendorPlugin } from "./make-model.ts";
import { makeProjectPlugins } from "./make-plugins.ts";
import type { AgentEntry, Project } from "./project.ts";
import { dirOf, namespaceOf, storeToLookAt } from "./sqlite-store.ts";

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

export interface OpenQueueOptions {
  /** For what names models. */
  readonly withModels?: boolean;
  /** Nothing will be written: a SQLite store that one may not write to is opened all the same. */
  readonly onlyLooks?: boolean;
}

/**
 * A ticket system to look into and to steer: agents are known by name and labels, and cannot work. Needs no key, unless
 * models are named.
 * @throws ConfigError or AgentwerkError naming the field.
 */
export async function openQueue(project: Project, options: OpenQueueOptions = {}): Promise<TicketSystem> {
  const { withModels = false, onlyLooks = false } = options;
  const needsPlugins = withModels || typeof project.config.store === "string";
  const made = needsPlugins ? await makeProjectPlugins(project) : [];
  const parts = made.map(({ name, stores, providers }): Plugin => ({ name, stores, providers }));
  const plugins = withModels ? [...parts, vendorPlugin(project.root)] : parts;
  const agents = project.agents.map(standIn);
  try {
    return createSystem(project, { agents, plugins });
  } catch (refusal) {
    const store = onlyLooks ? storeToLookAt(project, refusal) : undefined;
    if (store === undefined) throw refusal;
    const closing: Plugin = { name: "agentwerk: the store that is looked at", close: () => store.close() };
    return new TicketSystem({ ...sharedOptions(project), store, agents, plugins: [...plugins, closing] });
  }
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
  const shared = { ...sharedOptions(project, options.policy), agents, plugins };
  if (inMemory) return new TicketSystem({ ...shared, store: memoryStore() });
  return new TicketSystem({
    ...shared,
    dir: resolve(root, dirOf(project)),
    store: config.store === undefined ? undefined : project.expand(config.store, "store"),
    namespace: namespaceOf(project),
  });
}

function sharedOptions(
  { config }: Project,
  policy: Policy = {},
): Pick<TicketSystemOptions, "policy" | "leaseDuration"> {
  return { policy: { ...config.policy, ...policy }, leaseDuration: config.leaseDuration };
}
