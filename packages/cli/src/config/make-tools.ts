import type { Tool, ToolSource } from "@agentwerk/core";
import { didYouMean } from "./closest.ts";
import type { ToolReference } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { loadPackage } from "./load-package.ts";
import { findNamedTool, type NamedTool, namedTools } from "./named-tools.ts";
import { parseToolReference } from "./parse-tool-reference.ts";

/** The tools of mounted MCP servers, by the name of the server. */
export interface MountedServers {
  readonly names: readonly string[];
  /** All tools of a server, or those of these names. */
  source(server: string, names?: readonly string[]): Promise<ToolSource>;
  close(): Promise<void>;
}

export interface MakeToolsOptions {
  /** Where the list stands, for messages: `agents[0].tools`. */
  readonly field: string;
  readonly root: string;
  readonly servers: MountedServers;
}

/**
 * The tools that an agent's list names; those of one MCP server become one source.
 * @throws ConfigError for a name that nobody brings, AgentwerkError `missing_dependency` with the install command.
 */
export async function makeTools(
  references: readonly ToolReference[],
  options: MakeToolsOptions,
): Promise<readonly (Tool | ToolSource)[]> {
  const made: (Tool | ToolSource)[] = [];
  const wanted = new Map<string, readonly string[] | undefined>();
  for (const [index, reference] of references.entries()) {
    if (isReady(reference)) {
      made.push(reference);
      continue;
    }
    const field = `${options.field}[${index}]`;
    const parsed = parseToolReference(reference, { field });
    const server = parsed.kind === "server" ? parsed.server : serverOf(parsed.name, options.servers.names);
    if (server !== undefined) {
      checkServer(server, { ...options, field });
      const one = parsed.kind === "named" ? [...(wanted.get(server) ?? []), parsed.name] : undefined;
      const hasAll = wanted.has(server) && wanted.get(server) === undefined;
      wanted.set(server, hasAll ? undefined : one);
      continue;
    }
    if (parsed.kind === "named") made.push(await makeNamedTool(parsed, { ...options, field }));
  }
  for (const [server, names] of wanted) made.push(await options.servers.source(server, names));
  return made;
}

/** The MCP server whose tool this is, of those there are: of `github__create_issue` it is `github`. */
export function serverOf(tool: string, servers: readonly string[]): string | undefined {
  return servers.find((server) => tool.startsWith(`${server}__`));
}

function checkServer(server: string, { servers, field }: MakeToolsOptions): void {
  if (servers.names.includes(server)) return;
  const hint = didYouMean(server, servers.names);
  throw new ConfigError(`${field} names the MCP server ${server}, which mcpServers does not have.${hint}`, {
    field,
  });
}

async function makeNamedTool(
  { name, options }: { readonly name: string; readonly options: Readonly<Record<string, unknown>> },
  { field, root }: MakeToolsOptions,
): Promise<Tool | ToolSource> {
  const named = findNamedTool(name);
  if (named === undefined) {
    const known = namedTools.map((tool) => tool.name);
    const hint =
      didYouMean(name, known) ||
      ` The tools by name are ${known.join(", ")}; tools of a plugin need no name.`;
    throw new ConfigError(`${field} names the tool ${name}, which nobody here brings.${hint}`, { field });
  }
  const exported = await loadPackage(named.packageName, { root, why: `${field} names ${name}` });
  const tool = callFactory(
    exported,
    named,
    named.name === "web_search" ? searchOptions(exported, options) : options,
  );
  if (isReady(tool)) return tool;
  throw new ConfigError(`${field}: ${named.exportName} of ${named.packageName} made no tool.`, { field });
}

function callFactory(
  exported: Readonly<Record<string, unknown>>,
  { exportName, packageName }: Pick<NamedTool, "exportName" | "packageName">,
  options: Readonly<Record<string, unknown>>,
): unknown {
  const factory = exported[exportName];
  if (typeof factory === "function") return factory(options);
  throw new ConfigError(
    `${packageName} exports no function ${exportName}; update it: npm install ${packageName}@latest`,
  );
}

/** Brave is the one search service there is; what is not an option of the tool is one of the service. */
function searchOptions(
  exported: Readonly<Record<string, unknown>>,
  { count, timeout, provider, ...service }: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const isObject = typeof provider === "object" && provider !== null;
  const web = { exportName: "braveSearch", packageName: "@agentwerk/tools-web" };
  return {
    provider: isObject ? provider : callFactory(exported, web, service),
    ...(count === undefined ? {} : { count }),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

function isReady(value: unknown): value is Tool | ToolSource {
  if (typeof value !== "object" || value === null || !("name" in value)) return false;
  return typeof Reflect.get(value, "run") === "function" || typeof Reflect.get(value, "tools") === "function";
}
