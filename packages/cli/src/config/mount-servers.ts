import { AgentwerkError } from "@agentwerk/core";
import { installCommand } from "./install-command.ts";
import type { MountedServers } from "./make-tools.ts";
import type { Project } from "./project.ts";

/** The MCP servers of a configuration; nothing is started before an agent asks for a server's tools. */
export function mountServers({ config, root }: Project): MountedServers & { close(): Promise<void> } {
  const names = Object.keys(config.mcpServers ?? {});
  return {
    names,
    source(server) {
      const message = `mcpServers.${server} is used by an agent, but @agentwerk/mcp is not installed: ${installCommand(root, ["@agentwerk/mcp"])}`;
      throw new AgentwerkError({ code: "missing_dependency", message });
    },
    async close() {},
  };
}
