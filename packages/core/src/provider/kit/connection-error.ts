import { causesOf } from "../../errors/causes-of.ts";

/** The code of an error by which nothing was sent: `fetch` refused the address itself. */
export const addressRefused = "address_refused";

/** What `fetch` says of addresses that it never asks (https://fetch.spec.whatwg.org/#port-blocking), and what to do. */
const refusals: readonly (readonly [wording: RegExp, advice: string])[] = [
  [/^bad port$/, "fetch refuses this port; give the server another one, and name it in baseUrl."],
  [
    /^Request cannot be constructed from a URL that includes credentials/,
    "fetch refuses a name or a password in baseUrl; send them in headers.",
  ],
];

/**
 * What went wrong on the way to the server, without the SDK's wrapper, which says less or says it twice; an address that
 * `fetch` refuses is told with what to do.
 */
export function toConnectionError(thrown: unknown): unknown {
  const innermost = causesOf(thrown).at(-1);
  const [, advice] =
    refusals.find(([wording]) => innermost instanceof Error && wording.test(innermost.message)) ?? [];
  // Without its cause: that repeats the address, with the password.
  if (advice !== undefined) return Object.assign(new Error(advice), { code: addressRefused });
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return cause instanceof Error && cause.message === "fetch failed" ? cause : thrown;
}
