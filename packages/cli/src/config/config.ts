import type {
  AgentLike,
  AgentOptions,
  Duration,
  Knowledge,
  Model,
  Plugin,
  Policy,
  Skills,
  TicketStore,
  Tool,
  ToolSource,
} from "@agentwerk/core";

/**
 * `"anthropic:claude-sonnet-5-5"`: a vendor and its name of the model; `"env"`: what the environment describes, by
 * `modelFromEnv()`; a word without a colon: that model of the vendor that the environment describes. Or a `Model`.
 */
export type ModelReference = string | Model;

/** A tool by name with options: `{ tool: "bash", allow: ["git diff *"] }`. The options are those of the tool's function. */
export interface ToolSettings {
  readonly tool: string;
  readonly [option: string]: unknown;
}

/**
 * `"read_file"`, `"bash(git diff *, npm test)"`, `"github__create_issue"` or `"mcp:github"` for a mounted MCP server, a
 * name with options, or a tool of your own.
 */
export type ToolReference = string | ToolSettings | Tool | ToolSource;

/** Everything that `Agent` takes, with model and tools also by name. */
export interface AgentConfig extends Omit<AgentOptions, "model" | "tools" | "knowledge" | "skills"> {
  /** The configuration's `model` unless given. */
  readonly model?: ModelReference | undefined;
  readonly tools?: readonly ToolReference[] | undefined;
  /** A folder of markdown pages, or a backend of your own; the configuration's unless given; `false` for none. */
  readonly knowledge?: string | Knowledge | false | undefined;
  /** Folders of skills, or a set of your own; the configuration's unless given; `false` for none. */
  readonly skills?: string | readonly string[] | Skills | false | undefined;
}

/** One entry of `mcpServers`, as Claude Desktop and `.mcp.json` know it. */
export interface McpServerConfig {
  readonly command?: string | undefined;
  readonly args?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  readonly type?: string | undefined;
  readonly url?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly [option: string]: unknown;
}

/** What `agentwerk.config.ts` exports. Relative paths start at its folder. Texts may hold `${VARIABLE}`. */
export interface AgentwerkConfig {
  /** Holds the SQLite database, the readable logs and long outputs; `.agentwerk` unless given. */
  readonly dir?: string | undefined;
  /** A store of your own, or a URL that a plugin opens, such as `postgres://…`; SQLite in `dir` unless given. */
  readonly store?: string | TicketStore | undefined;
  /** One project or tenant within a store; `default` unless given. */
  readonly namespace?: string | undefined;
  /** Limits of each run. */
  readonly policy?: Policy | undefined;
  /** How long a crashed worker's ticket stays with it; `30s` unless given. */
  readonly leaseDuration?: Duration | undefined;
  /** For agents that name none; `"env"` unless given. */
  readonly model?: ModelReference | undefined;
  readonly agents?:
    | readonly (AgentConfig | Extract<AgentLike, { readonly definition: unknown }>)[]
    | undefined;
  /** A folder of agents as markdown files with front matter; `agents` unless given, where there is one; `false` for none. */
  readonly agentFiles?: string | false | undefined;
  /** Plugins, or the names of packages that export one. */
  readonly plugins?: readonly (string | Plugin)[] | undefined;
  /** MCP servers whose tools agents can name, or the file of another program that holds them, such as `.mcp.json`. */
  readonly mcpServers?: string | Readonly<Record<string, McpServerConfig>> | undefined;
  /** For agents that name none: a folder of markdown pages, or a backend of your own. */
  readonly knowledge?: string | Knowledge | undefined;
  /** For agents that name none: folders of skills, or a set of your own. */
  readonly skills?: string | readonly string[] | Skills | undefined;
}

/** Gives the configuration back; there for its types. */
export function defineConfig(config: AgentwerkConfig): AgentwerkConfig {
  return config;
}
