import { type Tool, toErrorMessage } from "@agentwerk/core";
import type { ServerCapabilities } from "@modelcontextprotocol/client";
import type { CallSettings } from "../calls/call-server.ts";
import type { ServerConfig } from "../config/server-config.ts";
import { cleanLine } from "./clean-text.ts";
import type { ToolList } from "./list-tools.ts";
import { mountTool } from "./mount-tool.ts";
import { promptTools } from "./prompt-tools.ts";
import type { QuarantinedTool, ServerTool } from "./read-tool.ts";
import { resourceTools } from "./resource-tools.ts";
import { toToolName } from "./tool-name.ts";

export interface MountAllOptions {
  readonly server: string;
  readonly config: ServerConfig;
  readonly settings: CallSettings;
  /** What the user trusts of what the server lists. */
  readonly list: ToolList;
  readonly capabilities: ServerCapabilities;
  /** See `MountOptions`. */
  readonly check: (tool: ServerTool, signal: AbortSignal) => Promise<string | undefined>;
}

export interface Mounted {
  readonly tools: readonly Tool[];
  readonly quarantined: readonly QuarantinedTool[];
}

const maxOutputDefault = 1_000_000;

/** All that a model may have of a server: its tools, and those of ours for its resources and prompts. */
export function mountAll(options: MountAllOptions): Mounted {
  const { server, config, settings, list, check } = options;
  const wanted = list.tools.filter(({ name }) => isWanted(name, config));
  const names = nameAll(server, wanted);
  const quarantined = [...list.quarantined];
  const tools: Tool[] = [];
  for (const tool of wanted) {
    try {
      tools.push(
        mountTool({
          name: names.get(tool.name) ?? toToolName({ server, tool: tool.name }, () => false),
          tool,
          config,
          settings,
          maxOutput: config.maxOutput ?? maxOutputDefault,
          check: (signal) => check(tool, signal),
        }),
      );
    } catch (error) {
      const message = `its schema is not valid: ${cleanLine(toErrorMessage(error), 300)}`;
      quarantined.push({ tool: tool.name, reason: "invalid", message });
    }
  }
  return { tools: [...tools, ...extraTools(options, tools)], quarantined };
}

function isWanted(name: string, { allow, deny }: ServerConfig): boolean {
  return (allow === undefined || allow.includes(name)) && deny?.includes(name) !== true;
}

/** Tools whose names need no change come first, so that no other takes theirs. */
function nameAll(server: string, tools: readonly ServerTool[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const byName = tools.map(({ name }) => name).sort((left, right) => (left < right ? -1 : 1));
  const isPlain = (name: string): boolean => /^[A-Za-z0-9_-]+$/.test(name);
  for (const name of [...byName.filter(isPlain), ...byName.filter((name) => !isPlain(name))]) {
    const given = toToolName({ server, tool: name }, (candidate) => taken.has(candidate));
    taken.add(given);
    names.set(name, given);
  }
  return names;
}

function extraTools(
  { server, config, settings, capabilities }: MountAllOptions,
  tools: readonly Tool[],
): readonly Tool[] {
  const taken = new Set(tools.map(({ name }) => name));
  const options = {
    settings,
    toName: (tool: string) => toToolName({ server, tool }, (name) => taken.has(name)),
    maxOutput: config.maxOutput ?? maxOutputDefault,
  };
  const extra = [
    ...(capabilities.resources === undefined || config.resources === false ? [] : resourceTools(options)),
    ...(capabilities.prompts === undefined || config.prompts === false ? [] : promptTools(options)),
  ];
  return config.deferred === true ? extra.map((tool) => ({ ...tool, deferred: true })) : extra;
}
