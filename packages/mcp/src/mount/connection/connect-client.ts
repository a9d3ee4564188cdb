import { resolve } from "node:path";
import {
  type AuthProvider,
  type Client,
  type OAuthClientProvider,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
  type VersionNegotiationMode,
} from "@modelcontextprotocol/client";
import { type HttpServerConfig, isStdio, type StdioServerConfig } from "../config/server-config.ts";
import { toEnvironment } from "../transport/environment.ts";
import { limitResponses } from "../transport/limit-responses.ts";
import { StdioTransport } from "../transport/stdio-transport.ts";
import type { TailLog } from "../transport/tail-log.ts";
import { type ClientParts, makeClient } from "./make-client.ts";

export interface ConnectOptions extends ClientParts {
  readonly env: NodeJS.ProcessEnv;
  /** Where relative paths of the configuration begin. */
  readonly dir: string;
  readonly log: TailLog;
  readonly authProvider: AuthProvider | OAuthClientProvider | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The server is known to speak the protocol from before 2026-07-28. */
  readonly legacy: boolean;
}

/** Bytes of one message of a server. */
const maxMessage = 16_000_000;

/** Starts or reaches a server and agrees with it on a protocol. */
export async function connectClient(options: ConnectOptions): Promise<Client> {
  const { config } = options;
  return isStdio(config) ? await connectStdio(config, options) : await connectHttp(config, options);
}

async function connectStdio(config: StdioServerConfig, options: ConnectOptions): Promise<Client> {
  const { env, dir, log } = options;
  const open = (): StdioTransport =>
    new StdioTransport({
      command: config.command,
      args: config.args ?? [],
      env: toEnvironment(env, config.env ?? {}),
      cwd: resolve(dir, config.cwd ?? "."),
      log,
      maxMessage,
    });
  if (options.legacy) return await attempt("legacy", open(), options);
  const probing = open();
  try {
    return await attempt("auto", probing, options);
  } catch (error) {
    // Some older servers exit at the first message that they do not know; they are started again without the probe.
    if (probing.pid === null || !isClosed(error)) throw error;
    return await attempt("legacy", open(), options);
  }
}

async function connectHttp(config: HttpServerConfig, options: ConnectOptions): Promise<Client> {
  const url = new URL(config.url);
  const shared = {
    ...(options.authProvider !== undefined && { authProvider: options.authProvider }),
    ...(config.headers !== undefined && { requestInit: { headers: config.headers } }),
    fetch: limitResponses(fetch, maxMessage),
  };
  const openSse = (): Transport => new SSEClientTransport(url, shared);
  if (config.type === "sse") return await attempt("legacy", openSse(), options);
  try {
    const transport = new StreamableHTTPClientTransport(url, shared);
    return await attempt(options.legacy ? "legacy" : "auto", transport, options);
  } catch (error) {
    if (config.type !== undefined || !isOldServer(error)) throw error;
    return await attempt("legacy", openSse(), options).catch(() => {
      throw error;
    });
  }
}

async function attempt(
  mode: VersionNegotiationMode,
  transport: Transport,
  options: ConnectOptions,
): Promise<Client> {
  const client = makeClient(mode, options);
  const { signal, timeoutMs } = options;
  try {
    await client.connect(transport, { signal, timeout: timeoutMs });
    return client;
  } catch (error) {
    await transport.close().catch(() => {});
    throw error;
  }
}

function isClosed(error: unknown): boolean {
  return (
    error instanceof SdkError &&
    (error.code === SdkErrorCode.EraNegotiationFailed || error.code === SdkErrorCode.ConnectionClosed)
  );
}

/** What a server of the HTTP+SSE transport answers to a POST at its stream's address. */
function isOldServer(error: unknown): boolean {
  return error instanceof SdkHttpError && [400, 404, 405].includes(error.status);
}
