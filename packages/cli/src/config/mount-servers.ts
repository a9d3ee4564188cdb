import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type ToolSource, toErrorMessage } from "@agentwerk/core";
import type { McpServers } from "@agentwerk/mcp";
import type { McpServerConfig } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { loadPackage } from "./load-package.ts";
import type { MountedServers } from "./make-tools.ts";
import type { Project } from "./project.ts";

const packageName = "@agentwerk/mcp";

/** The MCP servers of a configuration. Each is mounted when an agent asks for its tools, and once for all agents. */
export async function mountServers(project: Project): Promise<MountedServers> {
  const configs = readServerConfigs(project);
  const mounts = new Map<string, Promise<McpServers>>();
  const mount = (server: string): Promise<McpServers> => {
    const known = mounts.get(server) ?? mountServer(project, { [server]: configs[server] ?? {} });
    mounts.set(server, known);
    return known;
  };
  return {
    names: Object.keys(configs),
    async source(server, names) {
      const mounted = await mount(server);
      return names === undefined ? mounted : onlyNamed(mounted, { server, names });
    },
    async close() {
      const settled = await Promise.allSettled(mounts.values());
      for (const outcome of settled) if (outcome.status === "fulfilled") await outcome.value.close();
    },
  };
}

/** The servers of a configuration as one, for what people do with them: all, or those of these names. */
export function mountAllServers(project: Project, names?: readonly string[]): Promise<McpServers> {
  const all = Object.entries(readServerConfigs(project));
  const wanted = names === undefined ? all : all.filter(([name]) => names.includes(name));
  return mountServer(project, Object.fromEntries(wanted));
}

/** @throws ConfigError when the file of another program cannot be read. */
export function readServerConfigs({ config, root }: Project): Readonly<Record<string, McpServerConfig>> {
  const { mcpServers = {} } = config;
  if (typeof mcpServers !== "string") return mcpServers;
  try {
    const content: unknown = JSON.parse(readFileSync(resolve(root, mcpServers), "utf8"));
    return unwrap(content) ?? {};
  } catch (cause) {
    throw new ConfigError(`mcpServers names ${mcpServers}, which cannot be read: ${toErrorMessage(cause)}`, {
      cause,
    });
  }
}

/** `mcpServers` is where Claude and Cursor keep them, `servers` where VS Code does. */
function unwrap(content: unknown): Readonly<Record<string, McpServerConfig>> | undefined {
  if (typeof content !== "object" || content === null) return undefined;
  const found: unknown = Reflect.get(content, "mcpServers") ?? Reflect.get(content, "servers");
  return isRecord(found) ? found : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, McpServerConfig>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function mountServer(
  { root }: Project,
  configs: Readonly<Record<string, McpServerConfig>>,
): Promise<McpServers> {
  const names = Object.keys(configs).join(", ");
  const { mcpServers } = await loadPackage(packageName, { root, why: `mcpServers has ${names}` });
  const mounted: unknown = typeof mcpServers === "function" ? mcpServers(configs, { dir: root }) : undefined;
  if (isMount(mounted)) return mounted;
  throw new ConfigError(`${packageName} mounted nothing; update it: npm install ${packageName}@latest`);
}

function isMount(value: unknown): value is McpServers {
  if (typeof value !== "object" || value === null) return false;
  return ["tools", "open", "status", "accept", "close"].every(
    (key) => typeof Reflect.get(value, key) === "function",
  );
}

/** Some tools of a server; one that it does not offer is reported, and the others are there. */
function onlyNamed(
  mounted: McpServers,
  { server, names }: { readonly server: string; readonly names: readonly string[] },
): ToolSource {
  return {
    name: `mcp:${server}:${names.join(",")}`,
    async tools(context) {
      const offered = await mounted.tools(context);
      const missing = names.filter((name) => !offered.some((tool) => tool.name === name));
      if (missing.length > 0 && offered.length > 0) {
        context.report(
          `The MCP server ${server} does not offer ${missing.join(", ")}; agentwerk tools list shows what it offers.`,
        );
      }
      return offered.filter(({ name }) => names.includes(name));
    },
  };
}
