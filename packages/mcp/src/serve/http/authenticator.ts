import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { AgentwerkError } from "@agentwerk/core";
import { checkPrincipal, localPrincipal, type Principal } from "../principal.ts";
import type { HttpOptions } from "./http-options.ts";
import { readTokenFile } from "./token-file.ts";

/** `undefined` for a request that is nobody's. */
export type Authenticator = (headers: IncomingHttpHeaders) => Promise<Principal | undefined>;

const shortestToken = 16;

/** @throws AgentwerkError `invalid_input` for tokens that are too short or two of the same. */
export async function authenticator(options: HttpOptions): Promise<Authenticator> {
  const { tokens, tokenFile } = options;
  const authenticate = options.authenticate ?? byToken(await knownTokens({ tokens, tokenFile }));
  return async (headers) => {
    const token = bearerToken(headers.authorization);
    const principal = token === undefined ? undefined : await authenticate({ token, headers });
    return principal === undefined ? undefined : checkPrincipal(principal);
  };
}

interface KnownToken {
  readonly principal: Principal;
  readonly digest: Buffer;
}

async function knownTokens({
  tokens,
  tokenFile,
}: Pick<HttpOptions, "tokens" | "tokenFile">): Promise<KnownToken[]> {
  if (tokens === undefined) {
    const token = await readTokenFile(tokenFile ?? ".agentwerk/mcp-token");
    return [{ principal: localPrincipal, digest: digestOf(token) }];
  }
  const known = Object.entries(tokens).map(([name, token]) => {
    if (token.length < shortestToken)
      throw refusal(`the token of ${name} has less than ${shortestToken} characters`);
    return { principal: checkPrincipal({ name }), digest: digestOf(token) };
  });
  if (known.length === 0) throw refusal("tokens is empty; name a principal and its token");
  const digests = new Set(known.map(({ digest }) => digest.toString("hex")));
  if (digests.size < known.length) throw refusal("two principals have the same token");
  return known;
}

/** Compares with every token, and digests of one length, so that the time tells nothing. */
function byToken(
  known: readonly KnownToken[],
): (credentials: { readonly token: string }) => Principal | undefined {
  return ({ token }) => {
    const digest = digestOf(token);
    let found: Principal | undefined;
    for (const candidate of known) if (timingSafeEqual(candidate.digest, digest)) found = candidate.principal;
    return found;
  };
}

function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([\w.~+/=-]{1,4096}) *$/i.exec(header ?? "")?.[1];
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function refusal(problem: string): AgentwerkError {
  return new AgentwerkError({ code: "invalid_input", field: "tokens", message: `${problem}.` });
}
