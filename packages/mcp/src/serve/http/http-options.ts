import { isIP } from "node:net";
import { AgentwerkError, type Duration, refuseUnknownOptions, toMilliseconds } from "@agentwerk/core";
import type { Principal } from "../principal.ts";

/** What is known about who asks, before anything else of the request is looked at. */
export interface Credentials {
  /** Of `Authorization: Bearer …`. */
  readonly token: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface HttpOptions {
  /** The address to listen on; `127.0.0.1` unless given. Another than a loopback one needs `allowedHosts`. */
  readonly host?: string | undefined;
  /** 4640 unless given; 0 takes a free one. */
  readonly port?: number | undefined;
  /** `/mcp` unless given. */
  readonly path?: string | undefined;
  /** Holds the token of the user of this machine; made when it is not there. `.agentwerk/mcp-token` unless given. */
  readonly tokenFile?: string | undefined;
  /** Principals by name and their tokens, instead of the token file. Each sees its own tickets. */
  readonly tokens?: Readonly<Record<string, string>> | undefined;
  /** Who a token belongs to, instead of `tokens` and the token file; `undefined` refuses. */
  readonly authenticate?:
    | ((credentials: Credentials) => Principal | undefined | Promise<Principal | undefined>)
    | undefined;
  /** Host names, without port, by which clients may call this server, besides those of loopback. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Host names of web pages that may call, besides those of loopback and `allowedHosts`. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** The longest request; 1,000,000 unless given. */
  readonly maxBodyBytes?: number | undefined;
  /** How long a request may take to arrive; `30s` unless given. */
  readonly requestTimeout?: Duration | undefined;
  /** Clients of the protocol up to 2025-11-25 that are connected at once; 1,000 unless given. */
  readonly maxSessions?: number | undefined;
  /** Those of one principal; 100 unless given. The one that was silent the longest makes room for the next. */
  readonly maxSessionsPerPrincipal?: number | undefined;
  /** After so long without a request such a client has to connect anew; `30m` unless given. */
  readonly sessionIdleTimeout?: Duration | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
}

const known: ReadonlySet<string> = new Set([
  "host",
  "port",
  "path",
  "tokenFile",
  "tokens",
  "authenticate",
  "allowedHosts",
  "allowedOrigins",
  "maxBodyBytes",
  "requestTimeout",
  "maxSessions",
  "maxSessionsPerPrincipal",
  "sessionIdleTimeout",
  "signal",
  "onError",
]);

const loopbackNames: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

export interface HttpSettings {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly maxBodyBytes: number;
  readonly requestTimeoutMs: number;
  readonly maxSessions: number;
  readonly maxSessionsPerPrincipal: number;
  readonly sessionIdleMs: number;
}

/** @throws AgentwerkError `invalid_input` naming the option and what to do. */
export function checkHttpOptions(options: HttpOptions): HttpSettings {
  refuseUnknownOptions(options, { known, of: "an HTTP server" });
  const {
    host = "127.0.0.1",
    port = 4640,
    path = "/mcp",
    maxBodyBytes = 1_000_000,
    maxSessions = 1_000,
    maxSessionsPerPrincipal = 100,
  } = options;
  const extra = options.allowedHosts ?? [];
  if (!isLoopback(host) && extra.length === 0) {
    const problem = `is ${host}, which others can reach; name in allowedHosts the host names by which they may call`;
    throw refusal("host", problem);
  }
  if (!path.startsWith("/"))
    throw refusal("path", `is ${JSON.stringify(path)}; it begins with a slash, as /mcp`);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw refusal("port", `is ${port}; it is from 0 to 65535`);
  checkCount("maxBodyBytes", maxBodyBytes);
  checkCount("maxSessions", maxSessions);
  checkCount("maxSessionsPerPrincipal", maxSessionsPerPrincipal);
  const allowedHosts = [...loopbackNames, ...extra];
  return {
    host,
    port,
    path,
    allowedHosts,
    allowedOrigins: [...allowedHosts, ...(options.allowedOrigins ?? [])],
    maxBodyBytes,
    maxSessions,
    maxSessionsPerPrincipal,
    requestTimeoutMs: toMilliseconds(options.requestTimeout ?? "30s", "requestTimeout"),
    sessionIdleMs: toMilliseconds(options.sessionIdleTimeout ?? "30m", "sessionIdleTimeout"),
  };
}

/** Whether only this machine can reach an address. A name could be made to mean anything, but `localhost`. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function checkCount(field: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw refusal(field, `is ${value}; give a whole number above 0`);
}

function refusal(field: string, problem: string): AgentwerkError {
  return new AgentwerkError({ code: "invalid_input", field, message: `${field} ${problem}.` });
}
