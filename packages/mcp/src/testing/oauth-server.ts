import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { listen } from "./http-servers.ts";
import { makeServer2026 } from "./server-2026.ts";

export interface OAuthServer {
  readonly url: string;
  /** What was asked of it, in order. */
  readonly log: readonly string[];
  /** Takes every access token back. */
  expire(): void;
  /** Answers requests for tokens only once so many are there. */
  holdTokens(count: number): void;
  /** Takes the refresh tokens back, too. */
  revoke(): void;
}

/** An MCP server behind an authorization server, both in one: registration, PKCE, refresh with rotation. */
export async function serveWithOAuth(): Promise<OAuthServer> {
  const log: string[] = [];
  const challenges = new Map<string, string>();
  const accessTokens = new Set<string>();
  const refreshTokens = new Set<string>();
  const mcp = toNodeHandler(createMcpHandler(makeServer2026));
  let base = "";
  let held = 0;
  let arrived = 0;
  let release = Promise.withResolvers<void>();

  const json = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  const grant = (response: ServerResponse): void => {
    const [access, refresh] = [randomUUID(), randomUUID()];
    accessTokens.add(access);
    refreshTokens.add(refresh);
    json(response, 200, {
      access_token: access,
      token_type: "Bearer",
      expires_in: 3_600,
      refresh_token: refresh,
    });
  };
  const authorize = (url: URL, response: ServerResponse): void => {
    const { searchParams } = url;
    log.push(`authorize ${searchParams.get("code_challenge_method")}`);
    const code = randomUUID();
    challenges.set(code, searchParams.get("code_challenge") ?? "");
    const back = new URL(searchParams.get("redirect_uri") ?? "");
    back.searchParams.set("code", code);
    back.searchParams.set("state", searchParams.get("state") ?? "");
    response.writeHead(302, { location: back.href }).end();
  };
  const exchange = (form: URLSearchParams, response: ServerResponse): void => {
    const type = form.get("grant_type") ?? "";
    log.push(`token ${type}`);
    const code = form.get("code") ?? "";
    const verifier = createHash("sha256").update(form.get("code_verifier") ?? "");
    const isGood =
      type === "refresh_token"
        ? refreshTokens.delete(form.get("refresh_token") ?? "")
        : challenges.get(code) === verifier.digest("base64url");
    challenges.delete(code);
    if (isGood) grant(response);
    else json(response, 400, { error: "invalid_grant" });
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", base);
    switch (`${request.method} ${url.pathname}`) {
      case "GET /.well-known/oauth-protected-resource/mcp":
        return json(response, 200, { resource: `${base}/mcp`, authorization_servers: [base] });
      case "GET /.well-known/oauth-authorization-server":
        return json(response, 200, {
          issuer: base,
          authorization_endpoint: `${base}/authorize`,
          token_endpoint: `${base}/token`,
          registration_endpoint: `${base}/register`,
          response_types_supported: ["code"],
          code_challenge_methods_supported: ["S256"],
          token_endpoint_auth_methods_supported: ["none"],
        });
      case "POST /register": {
        const metadata = JSON.parse(await text(request)) as object;
        log.push("register");
        return json(response, 201, { ...metadata, client_id: randomUUID() });
      }
      case "GET /authorize":
        return authorize(url, response);
      case "POST /token":
        if (++arrived >= held) release.resolve();
        await release.promise;
        return exchange(new URLSearchParams(await text(request)), response);
      default:
        break;
    }
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    if (accessTokens.has(token)) return void (await mcp(request as Parameters<typeof mcp>[0], response));
    response
      .writeHead(401, {
        "www-authenticate": `Bearer resource_metadata="${base}/.well-known/oauth-protected-resource/mcp"`,
      })
      .end();
  };
  base = await listen((request, response) => void serve(request, response));
  return {
    url: `${base}/mcp`,
    log,
    expire: () => accessTokens.clear(),
    holdTokens(count) {
      held = count;
      arrived = 0;
      release = Promise.withResolvers();
    },
    revoke() {
      accessTokens.clear();
      refreshTokens.clear();
    },
  };
}
