import { AgentwerkError, type Clock, toErrorMessage } from "@agentwerk/core";
import type { Client } from "@modelcontextprotocol/client";
import { McpError } from "../mcp-error.ts";
import { cleanText } from "../tools/clean-text.ts";
import type { TailLog } from "../transport/tail-log.ts";
import { untilAborted } from "./until-aborted.ts";

export type ConnectionState = "idle" | "connecting" | "ready" | "failed" | "closed";

export interface ServerConnectionOptions {
  readonly server: string;
  readonly clock: Clock;
  readonly log: TailLog;
  connect(options: { readonly signal: AbortSignal; readonly legacy: boolean }): Promise<Client>;
  onChange(): void;
}

/** Characters of what a server answers when it refuses to start. */
const longestReason = 2_000;
const firstDelayMs = 1_000;
const longestDelayMs = 60_000;
/** A connection that ends sooner counts as one that failed. */
const settledMs = 10_000;

/**
 * The connection to one server: idle until it is first needed, then connecting, ready, and idle again when it is lost.
 * Only one attempt is under way at a time, whoever asks. After a second failure in a row the next attempt waits: 1 s,
 * doubled each time, at most 60 s; until then who asks is told the reason of the last.
 */
export class ServerConnection {
  readonly #options: ServerConnectionOptions;
  readonly #stop = new AbortController();
  #state: ConnectionState = "idle";
  #client: Client | undefined;
  #connecting: Promise<Client> | undefined;
  #connectedAt = 0;
  #failures = 0;
  #notBefore = 0;
  #reason: string | undefined;
  #legacy = false;
  #cause: unknown;
  #wantsSignIn = false;

  constructor(options: ServerConnectionOptions) {
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Why it failed last, or how the connection was lost; undefined while all is well. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Whether it failed for want of a sign-in. */
  get isUnauthorized(): boolean {
    return this.#state === "failed" && this.#wantsSignIn;
  }

  /** The client while there is a connection. */
  get client(): Client | undefined {
    return this.#client;
  }

  /**
   * The connected client.
   * @throws AgentwerkError `closed`; McpError when the server cannot be reached.
   */
  async open(signal?: AbortSignal): Promise<Client> {
    if (this.#state === "closed") {
      throw new AgentwerkError({
        code: "closed",
        message: `The MCP server ${this.#options.server} is closed.`,
      });
    }
    if (this.#client !== undefined) return this.#client;
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return await untilAborted(this.#connecting, signal);
  }

  /** Gives a connection up that does not work any more; the next `open` makes a new one. */
  drop(client: Client, reason: string): void {
    if (this.#client === client) this.#lost(reason);
    void client.close().catch(() => {});
  }

  /** Forgets the failures, so that the next `open` tries at once. */
  retry(): void {
    this.#failures = 0;
    this.#notBefore = 0;
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#state = "closed";
    this.#stop.abort(new AgentwerkError({ code: "closed", message: "The MCP servers were closed." }));
    await this.#connecting?.catch(() => {});
    await client?.close().catch(() => {});
  }

  async #connect(): Promise<Client> {
    const { clock, server } = this.#options;
    const waitMs = this.#notBefore - clock.now();
    if (waitMs > 0) throw this.#toError(`tried again in ${Math.ceil(waitMs / 1_000)} s`);
    this.#become("connecting", undefined);
    try {
      const client = await this.#options.connect({ signal: this.#stop.signal, legacy: this.#legacy });
      if (this.#stop.signal.aborted) {
        await client.close().catch(() => {});
        throw this.#stop.signal.reason;
      }
      this.#adopt(client);
      return client;
    } catch (error) {
      this.#cause = error;
      this.#wantsSignIn = (await import("./is-unauthorized.ts")).isUnauthorized(error);
      if (AgentwerkError.isInstance(error) && error.code === "closed") throw error;
      const log = this.#options.log.read();
      const end = log === "" ? "" : `; it wrote: ${log.slice(-1_000)}`;
      this.#fail(`${cleanText(toErrorMessage(error), longestReason)}${end}`);
      throw this.#toError(
        this.isUnauthorized
          ? `sign in by authorize(${JSON.stringify(server)})`
          : "its status and log may say more",
      );
    }
  }

  #adopt(client: Client): void {
    const { clock } = this.#options;
    this.#client = client;
    this.#legacy = client.getProtocolEra() === "legacy";
    this.#connectedAt = clock.now();
    client.onclose = () => {
      if (this.#client === client) this.#lost("the connection ended");
    };
    this.#become("ready", undefined);
  }

  #lost(reason: string): void {
    this.#client = undefined;
    if (this.#state === "closed") return;
    if (this.#options.clock.now() - this.#connectedAt >= settledMs) this.#failures = 0;
    this.#count();
    this.#become("idle", reason);
  }

  #fail(reason: string): void {
    this.#legacy = false;
    this.#count();
    if (this.#state !== "closed") this.#become("failed", reason);
  }

  #count(): void {
    this.#failures++;
    const delayMs =
      this.#failures < 2 ? 0 : Math.min(firstDelayMs * 2 ** (this.#failures - 2), longestDelayMs);
    this.#notBefore = this.#options.clock.now() + delayMs;
  }

  #become(state: ConnectionState, reason: string | undefined): void {
    this.#state = state;
    this.#reason = reason;
    this.#options.onChange();
  }

  #toError(next: string): AgentwerkError {
    const { server } = this.#options;
    return new McpError({
      server,
      reason: this.#wantsSignIn ? "unauthorized" : "unreachable",
      message: `The MCP server ${server} cannot be used: ${this.#reason ?? "it is not connected"} (${next}).`,
      cause: this.#cause,
    });
  }
}
