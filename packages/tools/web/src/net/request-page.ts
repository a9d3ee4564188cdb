import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import { toErrorMessage } from "@agentwerk/core";
import { type AddressRules, isOpenHost, isReachable } from "./address-rules.ts";
import { FetchFailure } from "./fetch-failure.ts";
import { guardLookup, type ResolveHost, refusedAddress } from "./guarded-lookup.ts";
import { bareHost } from "./parse-web-url.ts";

export interface RequestOptions {
  readonly rules: AddressRules;
  readonly resolve: ResolveHost;
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

const accept =
  "text/markdown, text/html;q=0.9, application/json;q=0.8, text/plain;q=0.8, application/pdf;q=0.7, */*;q=0.1";

/**
 * Sends one GET, without cookies, proxies or redirects, and resolves when the head of the answer is there.
 * @throws FetchFailure when the address is not allowed or the server cannot be reached, and the signal's reason.
 */
export async function requestPage(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  const { rules, resolve, userAgent, signal } = options;
  const host = bareHost(url);
  const isAllowed = (address: string): boolean => isOpenHost(url, rules) || isReachable(address, rules);
  // A lookup is made for names only.
  if (isIP(host) !== 0 && !isAllowed(host)) throw refusedAddress(host, host);
  signal.throwIfAborted();
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  return await new Promise<IncomingMessage>((fulfil, reject) => {
    const request = send({
      protocol: url.protocol,
      hostname: host,
      port: url.port === "" ? undefined : Number(url.port),
      path: `${url.pathname}${url.search}`,
      // An agent of its own: none of the process's connections, none of its proxies.
      agent: false,
      lookup: guardLookup(resolve, isAllowed),
      headers: { accept, "accept-encoding": "gzip, deflate, br", "user-agent": userAgent },
      signal,
    });
    request.once("socket", (socket) => {
      // The last word has the connection itself.
      socket.once("connect", () => {
        const { remoteAddress = "" } = socket;
        if (!isAllowed(remoteAddress)) request.destroy(refusedAddress(host, remoteAddress));
      });
    });
    request.once("response", fulfil);
    request.once("error", (error) => reject(signal.aborted ? signal.reason : toFailure(error, host)));
    // Neither of the two comes where a server changes the protocol. Later than them it says nothing.
    request.once("close", () => reject(signal.aborted ? signal.reason : toFailure(closed, host)));
    request.end();
  });
}

const closed = Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" });

function toFailure(error: Error, host: string): FetchFailure {
  if (error instanceof FetchFailure) return error;
  const { code } = error as NodeJS.ErrnoException;
  const known: Readonly<Record<string, string>> = {
    ENOTFOUND: "the host is not known",
    EAI_AGAIN: "the host name could not be looked up",
    ECONNREFUSED: "the connection was refused",
    ECONNRESET: "the connection was closed",
    ETIMEDOUT: "the connection timed out",
  };
  const reason = known[code ?? ""] ?? (toErrorMessage(error) || code || "unknown error");
  return new FetchFailure(`${host} could not be reached: ${reason}.`, { cause: error });
}
