import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import type { FetchLike } from "@modelcontextprotocol/client";

/** Hops of one request to a page that says what a server's sign-in is. */
const mostRedirects = 5;

const internal = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const)
  internal.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
] as const)
  internal.addSubnet(network, prefix, "ipv6");

/**
 * `fetch` for the requests of one server's connection. A server chooses addresses, too: of its sign-in, and by redirects.
 * One on the internet must not send us to this machine or network, where more is open to us than to it; one that is
 * itself inside may. Names are looked up before the request: it is a fence against servers, not against a DNS that lies.
 */
export function guardRequests(fetch: FetchLike, server: URL): FetchLike {
  let serverIsInternal: Promise<boolean> | undefined;
  const check = async (target: URL): Promise<void> => {
    if (target.origin === server.origin) return;
    if (target.protocol === "https:" || target.protocol === "http:") {
      if (!(await isInternal(target.hostname))) return;
      serverIsInternal ??= isInternal(server.hostname);
      if (await serverIsInternal) return;
    }
    throw new Error(
      `The server sends us to ${target.origin}, an address that is not for servers of the internet to choose; nothing was sent there.`,
    );
  };
  return async (url, init) => {
    const isGet = (init?.method ?? "GET").toUpperCase() === "GET";
    let target = new URL(url);
    let sent: RequestInit = { redirect: "manual", ...init };
    for (let hops = 0; ; hops++) {
      await check(target);
      const response = await fetch(target, sent);
      const location = response.headers.get("location");
      const isRedirect = response.status >= 300 && response.status < 400 && location !== null;
      if (init?.redirect !== undefined || !isRedirect || hops === mostRedirects) return response;
      const next = new URL(location, target);
      if (!isGet && !isSentAgain(response.status, target, next, init)) return response;
      await response.body?.cancel();
      if (next.origin !== target.origin) sent = withoutHeaders(sent);
      target = next;
    }
  };
}

/** What is not a GET goes on within the origin only, as to the same path with a slash at its end, and as it is. */
function isSentAgain(status: number, from: URL, to: URL, init: RequestInit | undefined): boolean {
  const isSameRequest = status === 307 || status === 308;
  const { body } = init ?? {};
  const canRepeat = body === undefined || body === null || typeof body === "string";
  return isSameRequest && canRepeat && to.origin === from.origin;
}

/** What a request carries, keys of the configuration among it, is for the origin that it was made for. */
function withoutHeaders({ headers: _, ...rest }: RequestInit): RequestInit {
  return { ...rest, headers: { Accept: "application/json" } };
}

async function isInternal(hostname: string): Promise<boolean> {
  const host = hostname.replaceAll(/^\[|\]$/g, "");
  const found = isIP(host) === 0 ? await lookup(host, { all: true }).catch(() => []) : [{ address: host }];
  return found.some(({ address }) => internal.check(address, isIP(address) === 6 ? "ipv6" : "ipv4"));
}
