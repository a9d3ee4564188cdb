import { setTimeout } from "node:timers/promises";
import type { FetchLike } from "@modelcontextprotocol/client";
import { type OAuthFile, readTokens } from "./oauth-file.ts";

/** How long another process, which used a refresh token first, has for writing down what it got. */
const writingMs = 500;

interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * `fetch` that uses each refresh token once. Many services give a new one with each use and take the old one, used again,
 * for stolen; but calls that run out of an access token together all refresh it, and so do other processes. Those that
 * come at the same time share one answer, and a token that was used up is answered with what that brought.
 */
export function refreshOnce(fetch: FetchLike, file: OAuthFile): FetchLike {
  const underWay = new Map<string, Promise<Answer>>();
  return async (url, init) => {
    const token = refreshTokenOf(init);
    if (token === undefined) return await fetch(url, init);
    const use = async (): Promise<Answer> => {
      const known = await tokensAfter(token, file);
      if (known !== undefined) return known;
      const response = await fetch(url, init);
      const answer = { status: response.status, body: await response.text() };
      if (response.ok) await keep(answer.body, file);
      else if (answer.body.includes("invalid_grant")) return (await tokensOfOther(token, file)) ?? answer;
      return answer;
    };
    const using = underWay.get(token) ?? use().finally(() => underWay.delete(token));
    underWay.set(token, using);
    const { status, body } = await using;
    return new Response(body, { status, headers: { "Content-Type": "application/json" } });
  };
}

function refreshTokenOf({ body }: RequestInit = {}): string | undefined {
  if (!(body instanceof URLSearchParams) || body.get("grant_type") !== "refresh_token") return undefined;
  return body.get("refresh_token") ?? undefined;
}

/** What stands in the file, where that came after the token. */
async function tokensAfter(token: string, file: OAuthFile): Promise<Answer | undefined> {
  const { tokens } = await file.read();
  if (tokens?.refresh_token === undefined || tokens.refresh_token === token) return undefined;
  const { issuer: _, ...answered } = tokens;
  return { status: 200, body: JSON.stringify(answered) };
}

async function tokensOfOther(token: string, file: OAuthFile): Promise<Answer | undefined> {
  const written = await tokensAfter(token, file);
  if (written !== undefined) return written;
  await setTimeout(writingMs);
  return await tokensAfter(token, file);
}

/** Before anybody else may ask: the SDK writes them only after it has read the answer. */
async function keep(body: string, file: OAuthFile): Promise<void> {
  const fresh = readTokens(body);
  if (fresh === undefined) return;
  const { tokens } = await file.read();
  await file.change({ tokens: { ...tokens, ...fresh } });
}
