import { AgentwerkError, type Duration, toMilliseconds } from "@agentwerk/core";
import { parseAddressRules } from "./net/address-rules.ts";
import type { FetchOptions } from "./net/fetch-page.ts";
import { type ResolveHost, resolveBySystem } from "./net/guarded-lookup.ts";

export interface WebFetchOptions {
  /** For a whole call: lookup, redirects and body; default 30 seconds. */
  readonly timeout?: Duration | undefined;
  /** Bytes of content, after decompression, that are read; default 5,000,000. */
  readonly maxBytes?: number | undefined;
  /** Redirects on the same host that are followed; default 5. */
  readonly maxRedirects?: number | undefined;
  /** Hosts that may be reached whatever their address is, with or without port: `localhost:8080`. */
  readonly allowHosts?: readonly string[] | undefined;
  /** Addresses and ranges that may be reached besides public ones: `10.1.0.0/16`. */
  readonly allowAddresses?: readonly string[] | undefined;
  /** How the tool names itself to servers; default `agentwerk-web-fetch`. */
  readonly userAgent?: string | undefined;
  /** Resolves host names; the system's resolver unless given. What it answers is checked all the same. */
  readonly resolve?: ResolveHost | undefined;
}

export type WebFetchLimits = Omit<FetchOptions, "signal"> & { readonly timeoutMs: number };

/**
 * Parses the user's options.
 * @throws AgentwerkError `invalid_input` naming the option.
 */
export function parseWebFetchOptions(options: WebFetchOptions): WebFetchLimits {
  const {
    timeout = "30s",
    maxBytes = 5_000_000,
    maxRedirects = 5,
    userAgent = "agentwerk-web-fetch",
  } = options;
  const { allowHosts = [], allowAddresses = [], resolve = resolveBySystem } = options;
  if (/[^\x20-\x7e]/.test(userAgent)) throw invalid("userAgent", "has characters that a header cannot carry");
  return {
    timeoutMs: toMilliseconds(timeout, "timeout"),
    maxBytes: wholeNumber(maxBytes, "maxBytes", 1),
    maxRedirects: wholeNumber(maxRedirects, "maxRedirects", 0),
    rules: parseAddressRules(allowHosts, allowAddresses),
    userAgent,
    resolve,
  };
}

function wholeNumber(value: number, field: string, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw invalid(field, `is ${value}; give a whole number of at least ${least}`);
}

function invalid(field: string, message: string): AgentwerkError {
  return new AgentwerkError({ code: "invalid_input", field, message: `${field} ${message}.` });
}
