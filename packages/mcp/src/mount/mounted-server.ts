import { resolve } from "node:path";
import {
  AgentwerkError,
  type Clock,
  type Duration,
  type Tool,
  toErrorMessage,
  toMilliseconds,
} from "@agentwerk/core";
import type { Client } from "@modelcontextprotocol/client";
import type { CallSettings } from "./calls/call-server.ts";
import { CallsUnderWay } from "./calls/calls-under-way.ts";
import { isStdio, type ServerConfig } from "./config/server-config.ts";
import { ServerConnection } from "./connection/server-connection.ts";
import { untilAborted } from "./connection/until-aborted.ts";
import type { ElicitationHandler } from "./elicitation/conversation.ts";
import { McpError } from "./mcp-error.ts";
import type { OpenBrowser, SignIn } from "./oauth/sign-in.ts";
import { judgeByPins } from "./pins/judge-by-pins.ts";
import type { PinStore } from "./pins/pin-store.ts";
import type { McpServerStatus } from "./status.ts";
import { cleanLine } from "./tools/clean-text.ts";
import type { ToolList } from "./tools/list-tools.ts";
import type { mountAll } from "./tools/mount-all.ts";
import type { QuarantinedTool, ServerTool } from "./tools/read-tool.ts";
import { TailLog } from "./transport/tail-log.ts";

export interface MountedServerOptions {
  readonly server: string;
  readonly config: ServerConfig;
  readonly env: NodeJS.ProcessEnv;
  readonly dir: string;
  readonly clock: Clock;
  /** Undefined when the user trusts whatever the server offers. */
  readonly pins: PinStore | undefined;
  /** Of an HTTP server. */
  readonly signIn: SignIn | undefined;
  readonly elicit: ElicitationHandler | undefined;
  readonly onStatus: (status: McpServerStatus) => void;
}

/** What a server offered when it was last asked, and what was made of it. */
interface Listing {
  readonly client: Client;
  readonly offered: ReadonlyMap<string, string>;
  readonly quarantined: readonly QuarantinedTool[];
  readonly tools: readonly Tool[];
  /** Equal when the tools are: then they stay the same objects, and tickets share what was made of them. */
  readonly signature: string;
}

const timeoutDefault: Duration = "60s";
const maxTimeDefault: Duration = "10m";
const startTimeoutDefault: Duration = "60s";
const samplingDefaults = { maxTokens: 2_000, maxRequests: 10 };

/** One server of the configuration: its connection, its tools, and what is kept back of them. */
export class MountedServer {
  readonly server: string;
  readonly config: ServerConfig;
  readonly connection: ServerConnection;
  readonly #options: MountedServerOptions;
  readonly #log = new TailLog();
  readonly #calls = new CallsUnderWay();
  readonly #settings: CallSettings;
  readonly #startTimeoutMs: number;
  #listing: Listing | undefined;
  #reading: Promise<Listing> | undefined;
  /** Counts what the server told of changes: a list that was read meanwhile is old when it arrives. */
  #changes = 0;
  #readAt = -1;

  constructor(options: MountedServerOptions) {
    const { server, config } = options;
    this.#options = options;
    this.server = server;
    this.config = config;
    this.connection = new ServerConnection({
      server,
      clock: options.clock,
      log: this.#log,
      connect: (attempt) => this.#connect(attempt),
      onChange: () => options.onStatus(this.status()),
    });
    const field = `mcpServers.${server}`;
    const timeoutMs = toMilliseconds(config.timeout ?? timeoutDefault, `${field}.timeout`);
    const maxTimeMs = toMilliseconds(config.maxTime ?? maxTimeDefault, `${field}.maxTime`);
    this.#startTimeoutMs = toMilliseconds(
      config.startTimeout ?? startTimeoutDefault,
      `${field}.startTimeout`,
    );
    const { sampling = false } = config;
    this.#settings = {
      server,
      connection: this.connection,
      calls: this.#calls,
      signIn: options.signIn,
      elicits: config.elicitation !== false,
      elicit: options.elicit,
      roots: (config.roots ?? []).map((path) => resolve(options.dir, path)),
      sampling:
        sampling === false
          ? undefined
          : {
              maxTokens: (sampling !== true && sampling.maxTokens) || samplingDefaults.maxTokens,
              maxRequests: (sampling !== true && sampling.maxRequests) || samplingDefaults.maxRequests,
            },
      timeoutMs,
      maxTimeMs: Math.max(timeoutMs, maxTimeMs),
    };
  }

  /**
   * The tools that a model may have now. The same array as long as the server offers the same.
   * @throws McpError when the server cannot be reached.
   */
  async tools(signal?: AbortSignal): Promise<readonly Tool[]> {
    return (await this.#list(signal)).tools;
  }

  get quarantined(): readonly QuarantinedTool[] {
    return this.#listing?.quarantined ?? [];
  }

  /** Trusts what the server offers now: all of it, or the tools named. Answers with the names that are new to the pins. */
  async accept(names?: readonly string[]): Promise<readonly string[]> {
    const { pins } = this.#options;
    if (pins === undefined) return [];
    this.connection.retry();
    this.#changes++;
    const { offered } = await this.#list();
    const unknown = names?.find((name) => !offered.has(name));
    if (unknown !== undefined) {
      throw new AgentwerkError({
        code: "not_found",
        field: "tools",
        message: `The MCP server ${this.server} has no tool ${JSON.stringify(unknown)}; it has ${[...offered.keys()].join(", ")}.`,
      });
    }
    const before = (await pins.read()) ?? new Map<string, string>();
    const accepted = [...offered].filter(
      ([name, hash]) => (names === undefined || names.includes(name)) && before.get(name) !== hash,
    );
    await pins.write(new Map([...before, ...accepted]));
    this.#changes++;
    await this.#list();
    this.#options.onStatus(this.status());
    return accepted.map(([name]) => name);
  }

  /** Connects with a person there to sign in, and forgets that the server could not be reached before. */
  async authorize(openBrowser: OpenBrowser, signal?: AbortSignal): Promise<void> {
    const { signIn } = this.#options;
    if (signIn === undefined) {
      throw new AgentwerkError({
        code: "unsupported",
        field: "server",
        message: `The MCP server ${this.server} is started by a command, and nobody signs in at it; what it needs to know goes into its env.`,
      });
    }
    signIn.attend(openBrowser);
    this.connection.retry();
    await this.#list(signal);
  }

  status(): McpServerStatus {
    const { reason, client } = this.connection;
    return {
      server: this.server,
      state: this.#state(),
      reason,
      transport: isStdio(this.config) ? "stdio" : "http",
      protocol: client?.getNegotiatedProtocolVersion(),
      tools: this.#listing?.tools.map(({ name }) => name) ?? [],
      quarantined: this.quarantined,
      log: this.#log.read(),
    };
  }

  async close(): Promise<void> {
    this.#options.signIn?.cancel();
    await this.connection.close();
  }

  #state(): McpServerStatus["state"] {
    if (this.config.disabled === true) return "disabled";
    return this.connection.isUnauthorized ? "unauthorized" : this.connection.state;
  }

  async #connect({
    signal,
    legacy,
  }: {
    readonly signal: AbortSignal;
    readonly legacy: boolean;
  }): Promise<Client> {
    const { env, dir, config, signIn } = this.#options;
    // The SDK takes longer to load than all the rest: only who needs a server waits for it.
    const { connectClient } = await import("./connection/connect-client.ts");
    return await connectClient({
      config,
      roots: this.#settings.roots,
      calls: this.#calls,
      onToolsChanged: () => {
        this.#changes++;
      },
      env,
      dir,
      log: this.#log,
      signIn,
      timeoutMs: this.#startTimeoutMs,
      signal,
      legacy,
    });
  }

  /** The list that holds now; asks the server where it is new or has told of a change. One question at a time. */
  async #list(signal?: AbortSignal): Promise<Listing> {
    const client = await this.connection.open(signal);
    const listing = this.#listing;
    if (listing?.client === client && this.#readAt === this.#changes) return listing;
    this.#reading ??= this.#read(client).finally(() => {
      this.#reading = undefined;
    });
    return await untilAborted(this.#reading, signal);
  }

  async #read(client: Client): Promise<Listing> {
    const readAt = this.#changes;
    const checksHeaders = client.getProtocolEra() === "modern" && !isStdio(this.config);
    const [{ listTools }, mounting] = await Promise.all([
      import("./tools/list-tools.ts"),
      import("./tools/mount-all.ts"),
    ]);
    const list = await listTools(client, {
      checksHeaders,
      request: { timeout: this.#settings.timeoutMs },
    }).catch((cause: unknown) => {
      const reason = `its tools cannot be listed: ${cleanLine(toErrorMessage(cause), 500)}`;
      this.connection.drop(client, reason);
      const message = `The MCP server ${this.server} cannot be used: ${reason}.`;
      throw new McpError({ server: this.server, reason: "unreachable", message, cause });
    });
    const { pins } = this.#options;
    const judged = pins === undefined ? list : await judgeByPins(list, pins);
    const listing = this.#toListing(client, { list, judged, mount: mounting.mountAll });
    const before = this.#listing;
    this.#listing = before?.signature === listing.signature ? { ...listing, tools: before.tools } : listing;
    this.#readAt = readAt;
    if (before?.signature !== listing.signature) this.#options.onStatus(this.status());
    return this.#listing;
  }

  #toListing(
    client: Client,
    options: { readonly list: ToolList; readonly judged: ToolList; readonly mount: typeof mountAll },
  ): Listing {
    const { list, judged, mount } = options;
    const { server, config } = this;
    const { tools, quarantined } = mount({
      server,
      config,
      settings: this.#settings,
      list: judged,
      capabilities: client.getServerCapabilities() ?? {},
      check: (tool, signal) => this.#check(tool, signal),
    });
    const offered = new Map(list.tools.map(({ name, hash }) => [name, hash] as const));
    const signature = JSON.stringify([[...offered], tools.map(({ name }) => name), quarantined]);
    return { client, offered, quarantined, tools, signature };
  }

  /** A ticket keeps its tools while the server may change its own; a call of one that is gone or another is refused. */
  async #check(tool: ServerTool, signal: AbortSignal): Promise<string | undefined> {
    let offered: Listing["offered"];
    try {
      ({ offered } = await this.#list(signal));
    } catch (error) {
      signal.throwIfAborted();
      return toErrorMessage(error);
    }
    const hash = offered.get(tool.name);
    if (hash === undefined)
      return `The server ${this.server} does not offer ${tool.name} any more. Work without it.`;
    if (hash === tool.hash || this.#options.pins === undefined) return undefined;
    return `The server ${this.server} has changed its tool ${tool.name} since this ticket began; it cannot be called until a person has accepted it. Work without it.`;
  }
}
