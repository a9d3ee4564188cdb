import { causesOf } from "../errors/causes-of.ts";
import { addressRefused } from "../provider/kit/connection-error.ts";

/** Failures of opening a connection, each with the system call by which it shows; while sending, some have the same code. */
const systemCalls: ReadonlyMap<string, string> = new Map([
  ["ENOTFOUND", "getaddrinfo"],
  ["EAI_AGAIN", "getaddrinfo"],
  ["ECONNREFUSED", "connect"],
  ["EHOSTUNREACH", "connect"],
  ["ENETUNREACH", "connect"],
  ["EADDRNOTAVAIL", "connect"],
  ["ETIMEDOUT", "connect"],
]);

/**
 * Failures before the first byte of a request: an address that `fetch` refuses, undici's limit for connecting, and
 * certificates that Node refuses (https://nodejs.org/api/tls.html#x509-certificate-error-codes). Other TLS errors can come
 * in the middle of a reply.
 */
const refusedConnections: ReadonlySet<string> = new Set([
  addressRefused,
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REVOKED",
  "CERT_UNTRUSTED",
  "CERT_SIGNATURE_FAILURE",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/**
 * Whether a request surely never left: the innermost cause of its failure is that no connection came about, at each
 * address that was tried. In doubt it may have, and then the vendor may bill it.
 */
export function wasNeverSent(error: unknown): boolean {
  const innermost = causesOf(error).at(-1);
  return innermost instanceof Error && innermost.cause === undefined && isUnconnected(innermost);
}

function isUnconnected(error: Error): boolean {
  if (error instanceof AggregateError && error.errors.length > 0)
    return error.errors.every((one) => one instanceof Error && isUnconnected(one));
  const code = "code" in error ? String(error.code) : "";
  if (refusedConnections.has(code)) return true;
  return "syscall" in error && systemCalls.get(code) === error.syscall;
}
