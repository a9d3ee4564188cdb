import { AgentwerkError } from "@agentwerk/core";
import { type Profile, profiles } from "./profile.ts";

/** Who is on the other side of a connection. A ticket that it files carries its name as `reporter`. */
export interface Principal {
  /** Letters, digits and `. _ @ -`, at most 64. */
  readonly name: string;
  /** `own`, the default: the tickets that it filed, what agents filed for them, and what it holds a claim on. `all`: every ticket. */
  readonly sees?: "own" | "all" | undefined;
  /** Narrows the server's profile for this principal. */
  readonly profile?: Profile | undefined;
  /** The labels that it may claim tickets of. Not given: any for one that sees all, none for one that sees its own. */
  readonly claimLabels?: readonly string[] | undefined;
}

/** The user of this machine: at the other end of standard input, or with the token that only this user can read. */
export const localPrincipal: Principal = { name: "local", sees: "all" };

/** @throws AgentwerkError `invalid_input` for a name that could be mistaken for another, or a profile that does not exist. */
export function checkPrincipal(principal: Principal): Principal {
  const { name, profile } = principal;
  if (!/^[\w.@-]{1,64}$/.test(name)) {
    const message = `The principal's name is ${JSON.stringify(name)}; use up to 64 letters, digits and . _ @ -.`;
    throw new AgentwerkError({ code: "invalid_input", field: "name", message });
  }
  if (profile !== undefined && !profiles.includes(profile)) {
    const message = `The profile of ${name} is ${JSON.stringify(profile)}; it is one of ${profiles.join(", ")}.`;
    throw new AgentwerkError({ code: "invalid_input", field: "profile", message });
  }
  return principal;
}
