import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { AgentConfig, AgentwerkConfig } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { expandEnvironment } from "./expand-environment.ts";
import { findConfig } from "./find-config.ts";
import { resolvePackage } from "./load-package.ts";

export interface OpenProjectOptions {
  /** From `--config`. */
  readonly config?: string | undefined;
  readonly cwd?: string | undefined;
}

/** An agent as it is configured, wherever. */
export interface AgentEntry {
  readonly name: string;
  /** For messages: `agents[0]`, `agents/reviewer.md`. */
  readonly field: string;
  readonly description?: string | undefined;
  readonly labels: readonly string[];
  readonly entry: NonNullable<AgentwerkConfig["agents"]>[number];
}

/** A folder with its configuration; without one, the defaults. */
export interface Project {
  /** Where relative paths start. */
  readonly root: string;
  /** Absolute. */
  readonly configFile: string | undefined;
  readonly config: AgentwerkConfig;
  readonly agents: readonly AgentEntry[];
  /** Fills the `${VARIABLES}` of a part of the configuration. */
  expand<Value>(value: Value, field: string): Value;
}

/** Without a configuration: one agent that looks and changes nothing. */
const defaultRole =
  "You are a careful, competent assistant. Work on the task with the tools you have, and say what you found in plain words.";
const lookingTools = ["read_file", "list_directory", "glob", "grep"];

/**
 * Finds and reads the configuration, and `.env` beside it; what is set already stays. Makes no model and loads no tool.
 * @throws ConfigError
 */
export async function openProject(options: OpenProjectOptions = {}): Promise<Project> {
  const cwd = options.cwd ?? process.cwd();
  const configFile = findConfig({ cwd, named: options.config });
  const root = configFile === undefined ? cwd : dirname(configFile);
  if (configFile !== undefined) loadEnvironmentFile(root);
  const config = configFile === undefined ? {} : await readConfig(configFile);
  return {
    root,
    configFile,
    config,
    agents: checkNames(await readAgents(config, root)),
    expand: (value, field) => expandEnvironment(value, { field, env: process.env }),
  };
}

function loadEnvironmentFile(root: string): void {
  const path = join(root, ".env");
  if (existsSync(path)) process.loadEnvFile(path);
}

/** zod and the loaders are only read where there is something to check. */
async function readConfig(path: string): Promise<AgentwerkConfig> {
  const { loadConfig } = await import("./load-config.ts");
  return loadConfig(path);
}

async function readAgents(config: AgentwerkConfig, root: string): Promise<readonly AgentEntry[]> {
  const given = (config.agents ?? []).map((entry, index): AgentEntry => {
    const { name, labels } = "definition" in entry ? entry.definition : entry;
    return { name: name ?? "agent", labels: labels ?? [], field: `agents[${index}]`, entry };
  });
  const all = [...given, ...(await readFolder(config.agentFiles, root))];
  if (all.length > 0) return all;
  const hasFiles = resolvePackage("@agentwerk/tools-files", root) !== undefined;
  const entry: AgentConfig = { name: "agent", role: defaultRole, tools: hasFiles ? lookingTools : [] };
  return [{ name: "agent", labels: [], field: "the default agent", entry }];
}

async function readFolder(
  agentFiles: AgentwerkConfig["agentFiles"],
  root: string,
): Promise<readonly AgentEntry[]> {
  if (agentFiles === false) return [];
  const folder = resolve(root, agentFiles ?? "agents");
  if (!existsSync(folder)) {
    if (agentFiles === undefined) return [];
    const shown = relative(root, folder);
    throw new ConfigError(
      `agentFiles is ${agentFiles}, but there is no folder ${shown}; make it, or set agentFiles to false.`,
    );
  }
  const { readAgentFiles } = await import("./read-agent-file.ts");
  const found = await readAgentFiles(folder, { root });
  return found.map(({ config: entry, description, file }) => ({
    name: entry.name ?? "agent",
    labels: entry.labels ?? [],
    field: file,
    description,
    entry,
  }));
}

function checkNames(agents: readonly AgentEntry[]): readonly AgentEntry[] {
  const seen = new Map<string, AgentEntry>();
  for (const agent of agents) {
    const other = seen.get(agent.name);
    if (other !== undefined) {
      throw new ConfigError(
        `${agent.field} and ${other.field} are both named ${agent.name}; give one another name.`,
      );
    }
    seen.set(agent.name, agent);
  }
  return agents;
}
