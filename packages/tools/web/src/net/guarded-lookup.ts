import { lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { FetchFailure } from "./fetch-failure.ts";

/** Resolves a host name to its addresses. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

export const resolveBySystem: ResolveHost = async (host) => {
  const found = await systemLookup(host, { all: true, verbatim: true });
  return found.map(({ address }) => address);
};

/**
 * A lookup for `node:net`: the addresses that it answers are the ones that the socket connects to, so nothing can
 * change between check and connection. One address that is not allowed refuses the whole host.
 */
export function guardLookup(resolve: ResolveHost, isAllowed: (address: string) => boolean): LookupFunction {
  return (host, options, callback) => {
    resolve(host)
      .then((addresses) => {
        if (addresses.length === 0) throw new FetchFailure(`${host} has no address.`);
        const refused = addresses.find((address) => !isAllowed(address));
        if (refused !== undefined) throw refusedAddress(host, refused);
        const [first = ""] = addresses;
        if (options.all)
          callback(
            null,
            addresses.map((address) => ({ address, family: isIP(address) })),
          );
        else callback(null, first, isIP(first));
      })
      .catch((error: NodeJS.ErrnoException) => callback(error, "", 0));
  };
}

export function refusedAddress(host: string, address: string): FetchFailure {
  const shown = host === address ? host : `${host} (${address})`;
  return new FetchFailure(`${shown} is not on the public internet and is not fetched.`);
}
