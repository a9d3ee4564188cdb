import { join, resolve } from "node:path";
import {
  AgentwerkError,
  type Clock,
  definePlugin,
  type Plugin,
  refuseUnknownOptions,
  systemClock,
  type Tool,
  type ToolSource,
  type ToolSourceContext,
  toErrorMessage,
} from "@agentwerk/core";
import { type McpServersInput, parseServers } from "./config/parse-servers.ts";
import { isStdio } from "./config/server-config.ts";
import type { ElicitationHandler } from "./elicitation/conversation.ts";
import { McpError } from "./mcp-error.ts";
import { MountedServer } from "./mounted-server.ts";
import { OAuthFile } from "./oauth/oauth-file.ts";
import { type OpenBrowser, SignIn } from "./oauth/sign-in.ts";
import { filePins } from "./pins/pin-store.ts";
import { defaultStateDir, stateFileName } from "./state/state-file.ts";
import type { McpServerStatus } from "./status.ts";

export interface McpServersOptions {
  /** Where `${VAR}` references and the servers' few inherited variables come from; the process's unless given. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Where relative paths begin, and the working directory of servers without one; that of the process unless given. */
  readonly dir?: string | undefined;
  /** Where pins and tokens are kept; `agentwerk/mcp` in the user's configuration directory unless given. */
  readonly stateDir?: string | undefined;
  /** Shows a person where to sign in at a remote server; without it only `authorize` asks for a sign-in. */
  readonly openBrowser?: OpenBrowser | undefined;
  /** Answers a server's questions while the call goes on; without it the ticket waits for a person's reply. */
  readonly elicit?: ElicitationHandler | undefined;
  /** Told whenever the state, the tools or the quarantine of a server change. */
  readonly onStatus?: ((status: McpServerStatus) => void) | undefined;
  readonly clock?: Clock | undefined;
}

/** Mounted servers: a source of tools for agents, and what a person wants to see and decide about them. */
export interface McpServers extends ToolSource {
  /** The same as a plugin, which opens with the run and closes with the ticket system. */
  readonly plugin: Plugin;
  /** Connects to every server that is not disabled; one that fails is told by its status and stops no other. */
  open(options?: { readonly signal?: AbortSignal | undefined }): Promise<readonly McpServerStatus[]>;
  status(): readonly McpServerStatus[];
  /**
   * Trusts the tools that a server offers now, all or those named by the server's own names.
   * @returns The names that were not trusted before.
   */
  accept(server: string, tools?: readonly string[]): Promise<readonly string[]>;
  /**
   * Signs a person in at a remote server: shows the page by `openBrowser`, or prints its address to standard error.
   * @throws McpError when the server cannot be reached, AgentwerkError `aborted` when nobody signs in.
   */
  authorize(server: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Ends connections and the servers' processes; their tools cannot be called any more. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const knownOptions: ReadonlySet<string> = new Set([
  "env",
  "dir",
  "stateDir",
  "openBrowser",
  "elicit",
  "onStatus",
  "clock",
]);

/**
 * Mounts MCP servers from a `mcpServers` configuration; nothing is started before it is needed.
 * @throws AgentwerkError `invalid_input` with the path of the field.
 */
export function mcpServers(input: McpServersInput, options: McpServersOptions = {}): McpServers {
  refuseUnknownOptions(options, { known: knownOptions, of: "mcpServers" });
  const { env = process.env, clock = systemClock, onStatus } = options;
  const stateDir = resolve(options.stateDir ?? defaultStateDir(env));
  const configs = parseServers(input, env);
  refuseClashes([...configs.keys()]);
  const servers = new Map<string, MountedServer>();
  for (const [server, config] of configs) {
    const file = stateFileName(server, config);
    servers.set(
      server,
      new MountedServer({
        server,
        config,
        env,
        dir: resolve(options.dir ?? "."),
        clock,
        pins: config.pins === false ? undefined : filePins(join(stateDir, "pins", file)),
        signIn: isStdio(config)
          ? undefined
          : new SignIn({
              config,
              file: new OAuthFile(join(stateDir, "oauth", file)),
              openBrowser: options.openBrowser,
            }),
        elicit: options.elicit,
        onStatus: (status) => onStatus?.(status),
      }),
    );
  }
  const enabled = [...servers.values()].filter(({ config }) => config.disabled !== true);
  const collect = collector(enabled);

  const find = (server: string): MountedServer => {
    const found = servers.get(server);
    if (found !== undefined) return found;
    throw new McpError({
      server,
      reason: "unknown_server",
      message: `There is no MCP server ${JSON.stringify(server)}; there are ${[...servers.keys()].join(", ")}.`,
    });
  };
  const status = (): readonly McpServerStatus[] => [...servers.values()].map((server) => server.status());
  const open: McpServers["open"] = async ({ signal } = {}) => {
    await Promise.all(enabled.map((server) => server.tools(signal).catch(() => {})));
    signal?.throwIfAborted();
    return status();
  };
  const close = async (): Promise<void> => {
    await Promise.all([...servers.values()].map((server) => server.close()));
  };
  const source: ToolSource = { name: `mcp:${[...configs.keys()].join(",")}`, tools: collect };
  return {
    ...source,
    plugin: definePlugin({
      name: "@agentwerk/mcp",
      tools: [source],
      open: async ({ signal }) => void (await open({ signal })),
      close,
    }),
    open,
    status,
    accept: async (server, tools) => await find(server).accept(tools),
    authorize: async (server, { signal } = {}) => await find(server).authorize(printAddress, signal),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Asks all servers at once. Gives the same array again while all of them offer the same. */
function collector(servers: readonly MountedServer[]): ToolSource["tools"] {
  let last: { readonly parts: readonly (readonly Tool[])[]; readonly tools: readonly Tool[] } | undefined;
  return async ({ signal, report }: ToolSourceContext) => {
    const asked = await Promise.all(servers.map((server) => ask(server, signal)));
    for (const { problem } of asked) if (problem !== undefined) report(problem);
    const parts = asked.map(({ tools }) => tools);
    if (last?.parts.every((part, index) => part === parts[index]) === true) return last.tools;
    const tools = parts.flat();
    last = { parts, tools };
    return tools;
  };
}

/** One server's tools, and what is missing of them. */
async function ask(
  server: MountedServer,
  signal: AbortSignal,
): Promise<{ readonly tools: readonly Tool[]; readonly problem?: string }> {
  try {
    const tools = await server.tools(signal);
    return server.quarantined.length === 0 ? { tools } : { tools, problem: describeQuarantine(server) };
  } catch (error) {
    signal.throwIfAborted();
    return { tools: none, problem: toErrorMessage(error) };
  }
}

const printAddress: OpenBrowser = (url) => {
  process.stderr.write(`Sign in at ${url}\n`);
};

const none: readonly Tool[] = [];

function describeQuarantine({ server, quarantined }: MountedServer): string {
  const listed = quarantined.map(({ tool, message }) => `${tool} (${message})`).join(", ");
  return `Tools of the MCP server ${server} are kept back: ${listed}.`;
}

/** Two keys that give the same names would hide tools behind each other. */
function refuseClashes(keys: readonly string[]): void {
  const plain = keys.map((key) => key.replaceAll(/[^A-Za-z0-9_-]/g, "_"));
  for (const [index, key] of keys.entries()) {
    const other = keys.find(
      (_other, place) => place < index && isClash(plain[place] ?? "", plain[index] ?? ""),
    );
    if (other === undefined) continue;
    throw new AgentwerkError({
      code: "invalid_input",
      field: `mcpServers.${key}`,
      message: `mcpServers.${key} and mcpServers.${other} would give tools of the same name; rename one of them.`,
    });
  }
}

function isClash(left: string, right: string): boolean {
  const [short, long] = left.length < right.length ? [left, right] : [right, left];
  // `a` with a tool `_b`, and `a_` with a tool `b`.
  return left === right || long === `${short}_` || long.startsWith(`${short}__`);
}
