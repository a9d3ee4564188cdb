import { memoryStore, type Tool, type ToolReturn } from "@agentwerk/core";
import { type RunToolOptions, runTool } from "@agentwerk/core/testing";
import { onTestFinished } from "vitest";
import type { ServerConfig } from "../mount/config/server-config.ts";
import { type McpServers, type McpServersOptions, mcpServers } from "../mount/mcp-servers.ts";
import { temporaryDir } from "./temporary-dir.ts";

export interface Mount {
  readonly servers: McpServers;
  /** What the source reported when its tools were last asked for. */
  readonly reports: string[];
  tools(): Promise<readonly Tool[]>;
  tool(name: string): Promise<Tool>;
  call(name: string, input: unknown, options?: RunToolOptions): Promise<ToolReturn>;
}

/** Mounts servers for one test, with state in a directory of its own. */
export async function mount(
  config: Readonly<Record<string, ServerConfig>>,
  options: McpServersOptions = {},
): Promise<Mount> {
  const stateDir = options.stateDir ?? (await temporaryDir());
  const servers = mcpServers({ mcpServers: config }, { ...options, stateDir });
  onTestFinished(() => servers.close());
  const reports: string[] = [];
  const tools: Mount["tools"] = async () => {
    reports.length = 0;
    const [ticket] = await memoryStore().insert([{ task: "test" }]);
    if (ticket === undefined) throw new Error("The store gave no ticket");
    return await servers.tools({
      ticket,
      agent: "test",
      signal: new AbortController().signal,
      report: (problem) => void reports.push(problem),
    });
  };
  const tool: Mount["tool"] = async (name) => {
    const all = await tools();
    const found = all.find((candidate) => candidate.name === name);
    if (found !== undefined) return found;
    throw new Error(`No tool ${name}; there are ${all.map((each) => each.name).join(", ")}. ${reports}`);
  };
  return {
    servers,
    reports,
    tools,
    tool,
    call: async (name, input, runOptions) => await runTool(await tool(name), input, runOptions),
  };
}
