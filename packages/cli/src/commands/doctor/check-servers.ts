import type { McpServers } from "@agentwerk/mcp";
import type { ToolReference } from "../../config/config.ts";
import { serverOf } from "../../config/make-tools.ts";
import { mountAllServers, readServerConfigs } from "../../config/mount-servers.ts";
import type { AgentEntry, Project } from "../../config/project.ts";
import { count } from "../../show/format.ts";
import { type Check, ok, warning } from "./check.ts";

/** Starts the MCP servers that no agent uses; the others show with the tools of those that use them. */
export async function checkServers(project: Project): Promise<readonly Check[]> {
  const all = Object.keys(readServerConfigs(project));
  const used = new Set(project.agents.flatMap((agent) => serversOf(agent, all)));
  const unused = all.filter((server) => !used.has(server));
  if (unused.length === 0) return [];
  await using servers = await mountAllServers(project, unused);
  return (await servers.open()).map(describe);
}

function serversOf({ entry }: AgentEntry, all: readonly string[]): readonly string[] {
  if ("definition" in entry) return [];
  return (entry.tools ?? []).flatMap((reference) => {
    const name = nameOf(reference);
    const server = name.startsWith("mcp:") ? name.slice(4) : serverOf(name, all);
    return server === undefined ? [] : [server];
  });
}

function nameOf(reference: ToolReference): string {
  if (typeof reference === "string") return reference;
  return "tool" in reference ? reference.tool : reference.name;
}

function describe(status: ReturnType<McpServers["status"]>[number]): Check {
  const { server, state, tools, quarantined, reason } = status;
  const name = "mcp servers";
  if (state === "disabled") return ok(name, `${server}: disabled`);
  if (state !== "ready") {
    const why = reason === undefined ? "" : `: ${reason.replace(/\.$/, "")}`;
    const fix =
      state === "unauthorized"
        ? `agentwerk mcp login ${server}`
        : "mend its entry in mcpServers, or take it out; agentwerk mcp list shows its state";
    return warning(name, `${server}: ${state}${why}; no agent uses it`, fix);
  }
  const keptBack = quarantined.length === 0 ? "" : ` and ${quarantined.length} kept back`;
  const found = `${server}: ready, ${count(tools.length, "tool")}${keptBack}; no agent uses it`;
  return warning(name, found, `add "mcp:${server}" to the tools of an agent, or take it out of mcpServers`);
}
