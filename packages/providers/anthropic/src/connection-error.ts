import type { Failure } from "@agentwerk/core/provider-kit";

const refused = "address_refused";

/** What `fetch` says of addresses that it never asks (https://fetch.spec.whatwg.org/#port-blocking), and what to do. */
const refusals: readonly (readonly [wording: RegExp, advice: string])[] = [
  [/^bad port$/, "fetch refuses this port; give the server another one, and name it in baseUrl."],
  [/URL that includes credentials/, "fetch refuses a name or a password in baseUrl; send them in headers."],
];

/**
 * What went wrong on the way to the server, without the SDK's wrapper, which says less or says it twice; an address that
 * `fetch` refuses is told with what to do.
 */
export function toConnectionError(thrown: unknown): unknown {
  const [, advice] = refusals.find(([wording]) => wording.test(innermostMessage(thrown))) ?? [];
  // Without its cause: that repeats the address, with the password.
  if (advice !== undefined) return Object.assign(new Error(advice), { code: refused });
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return cause instanceof Error && cause.message === "fetch failed" ? cause : thrown;
}

/** Trying again changes nothing. */
export function isAddressRefused({ code }: Failure): boolean {
  return code === refused;
}

/** Causes of causes that are looked at: an error can be its own. */
const deepestCause = 8;

function innermostMessage(thrown: unknown): string {
  let innermost = thrown;
  for (let depth = 0; depth < deepestCause && innermost instanceof Error; depth++) {
    if (!(innermost.cause instanceof Error)) return innermost.message;
    innermost = innermost.cause;
  }
  return "";
}
