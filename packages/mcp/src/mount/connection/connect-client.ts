import { resolve } from "node:path";
import {
  type Client,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
  UnauthorizedError,
  type VersionNegotiationMode,
} from "@modelcontextprotocol/client";
import { type HttpServerConfig, isStdio, type StdioServerConfig } from "../config/server-config.ts";
import type { SignIn } from "../oauth/sign-in.ts";
import { toEnvironment } from "../transport/environment.ts";
import { guardRequests } from "../transport/guard-requests.ts";
import { limitAnswers } from "../transport/limit-answers.ts";
import { limitResponses } from "../transport/limit-responses.ts";
import { StdioTransport } from "../transport/stdio-transport.ts";
import type { TailLog } from "../transport/tail-log.ts";
import { tellCutStreams } from "../transport/tell-cut-streams.ts";
import { type ClientParts, makeClient } from "./make-client.ts";

export interface ConnectOptions extends ClientParts {
  readonly env: NodeJS.ProcessEnv;
  /** Where relative paths of the configuration begin. */
  readonly dir: string;
  readonly log: TailLog;
  /** Of an HTTP server. */
  readonly signIn: SignIn | undefined;
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
  const authProvider = await options.signIn?.provider();
  const guarded = limitResponses(guardRequests(fetch, url), maxMessage);
  const shared = {
    ...(authProvider !== undefined && { authProvider }),
    ...(config.headers !== undefined && { requestInit: { headers: { ...config.headers } } }),
    fetch: options.signIn?.toFetch(guarded) ?? guarded,
  };
  const openSse = (): HttpTransport => {
    const transport = new SSEClientTransport(url, shared);
    limitAnswers(transport);
    return transport;
  };
  if (config.type === "sse") return await attemptSignedIn("legacy", openSse, options);
  const open = (): HttpTransport => {
    const transport = new StreamableHTTPClientTransport(url, shared);
    limitAnswers(transport);
    tellCutStreams(transport);
    return transport;
  };
  try {
    return await attemptSignedIn(options.legacy ? "legacy" : "auto", open, options);
  } catch (error) {
    if (config.type !== undefined || !isOldServer(error)) throw error;
    return await attemptSignedIn("legacy", openSse, options).catch(() => {
      throw error;
    });
  }
}

type HttpTransport = SSEClientTransport | StreamableHTTPClientTransport;

/** One that fails for want of a sign-in, one after it, and one more for further rights or a connection that was reset. */
const mostTries = 3;

async function attemptSignedIn(
  mode: VersionNegotiationMode,
  open: () => HttpTransport,
  options: ConnectOptions,
): Promise<Client> {
  const { signIn, signal } = options;
  for (let tries = 1; ; tries++) {
    const transport = open();
    try {
      return await attempt(mode, transport, options);
    } catch (error) {
      const isPending = error instanceof UnauthorizedError && signIn?.isPending === true;
      if (tries === mostTries || !(isPending || isReset(error))) throw error;
      await signIn?.finish(transport, signal);
    }
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

/** A server that closes an idle connection just when it is used again has not seen the request. */
function isReset(error: unknown): boolean {
  const code = error instanceof Error && error.cause instanceof Error && Reflect.get(error.cause, "code");
  return code === "ECONNRESET" || code === "UND_ERR_SOCKET";
}
