import { AgentwerkError } from "@agentwerk/core";
import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/** What may be reached besides the public internet. */
export interface AddressRules {
  /** Hosts, with or without port, as they stand in a URL. */
  readonly hosts: ReadonlySet<string>;
  readonly ranges: readonly Range[];
}

/** Global unicast, RFC 4291; everything else is local, embedded, reserved or not yet assigned. */
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse("2000::"), 3];
/** Public by its number and yet only inside: Azure's metadata and DNS service. */
const localInside: ReadonlySet<string> = new Set(["168.63.129.16"]);

/**
 * Parses what the user opens.
 * @throws AgentwerkError `invalid_input` naming the option.
 */
export function parseAddressRules(
  allowHosts: readonly string[],
  allowAddresses: readonly string[],
): AddressRules {
  return {
    hosts: new Set(allowHosts.map((host, index) => parseHost(host, `allowHosts[${index}]`))),
    ranges: allowAddresses.map((text, index) => parseRange(text, `allowAddresses[${index}]`)),
  };
}

function parseHost(host: string, field: string): string {
  const url = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
  if (
    url !== undefined &&
    url.pathname === "/" &&
    url.search === "" &&
    url.username === "" &&
    !host.endsWith("/")
  ) {
    return /:\d+$/.test(host) ? `${url.hostname}:${url.port || "80"}` : url.hostname;
  }
  throw new AgentwerkError({
    code: "invalid_input",
    field,
    message: `${field} is ${JSON.stringify(host)}; give a host such as "localhost" or "127.0.0.1:8080".`,
  });
}

function parseRange(text: string, field: string): Range {
  try {
    if (text.includes("/")) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  } catch (cause) {
    throw new AgentwerkError({
      code: "invalid_input",
      field,
      message: `${field} is ${JSON.stringify(text)}; give an address or a range such as "10.0.0.0/8".`,
      cause,
    });
  }
}

/** Whether the user opened the host of a URL, whatever its address is. */
export function isOpenHost(url: URL, { hosts }: AddressRules): boolean {
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return hosts.has(url.hostname) || hosts.has(`${url.hostname}:${port}`);
}

/**
 * Whether an address is on the public internet or was opened by the user: no loopback, private, link-local, carrier
 * grade, multicast or reserved address, and no IPv6 address that carries an IPv4 address.
 */
export function isReachable(text: string, { ranges }: AddressRules): boolean {
  if (!ipaddr.isValid(text)) return false;
  const given = ipaddr.parse(text);
  const address = given instanceof ipaddr.IPv6 && given.isIPv4MappedAddress() ? given.toIPv4Address() : given;
  const open = ranges.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits));
  if (open) return true;
  // A zone is that of a link.
  if (address instanceof ipaddr.IPv6) {
    return address.zoneId === undefined && address.match(globalUnicast) && address.range() === "unicast";
  }
  return address.range() === "unicast" && !localInside.has(address.toString());
}
