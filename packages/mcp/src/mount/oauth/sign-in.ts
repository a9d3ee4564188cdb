import { randomBytes } from "node:crypto";
import type {
  AuthProvider,
  FetchLike,
  OAuthClientProvider,
  SSEClientTransport,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import type { HttpServerConfig, OAuthConfig } from "../config/server-config.ts";
import { untilAborted } from "../connection/until-aborted.ts";
import { type CallbackListener, callbackPath, findPort, listenForCallback } from "./callback-listener.ts";
import type { OAuthFile, OAuthRecord } from "./oauth-file.ts";
import { refreshOnce } from "./refresh-once.ts";

/** Shows a person the page to sign in at: opens a browser, or prints the address. */
export type OpenBrowser = (url: string) => void | Promise<void>;

type HttpTransport = StreamableHTTPClientTransport | SSEClientTransport;

/**
 * The sign-in at one server, through the SDK: discovery, registration, PKCE and refresh are its own. Kept here is what it
 * stores, and the way over a person's browser: redirected, returned to a loopback listener, exchanged for tokens.
 */
export class SignIn {
  readonly #config: HttpServerConfig;
  readonly #file: OAuthFile;
  #openBrowser: OpenBrowser | undefined;
  #listener: CallbackListener | undefined;
  /** A page is about to be shown. */
  #beginning: PromiseWithResolvers<void> | undefined;
  #finishing: Promise<void> | undefined;
  /** Those who wait for the person to come back. */
  #waiting = 0;

  /** Without `openBrowser` there is nobody to sign in: only tokens that are there are used and refreshed. */
  constructor(options: {
    readonly config: HttpServerConfig;
    readonly file: OAuthFile;
    readonly openBrowser: OpenBrowser | undefined;
  }) {
    this.#config = options.config;
    this.#file = options.file;
    this.#openBrowser = options.openBrowser;
  }

  /** Whether a person was sent to a page and has not been seen since. */
  get isPending(): boolean {
    return this.#listener !== undefined;
  }

  /** From now on there is somebody to sign in. */
  attend(openBrowser: OpenBrowser): void {
    this.#openBrowser ??= openBrowser;
  }

  /** What the transport signs its requests with; undefined where it has nothing to do. */
  async provider(): Promise<AuthProvider | OAuthClientProvider | undefined> {
    const { oauth = true, headers = {} } = this.#config;
    const hasOwn = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
    if (oauth === false || hasOwn) return undefined;
    const options: OAuthConfig = oauth === true ? {} : oauth;
    if (options.grantType === "client_credentials") return await toCredentials(options);
    const { tokens } = await this.#file.read();
    if (this.#openBrowser === undefined && tokens === undefined) return undefined;
    return this.#toProvider(options, await this.#choosePort(options));
  }

  /** `fetch` for a connection of the provider. */
  toFetch(fetch: FetchLike): FetchLike {
    return refreshOnce(fetch, this.#file);
  }

  /** Waits for the person to come back, and turns what they bring into tokens: once, for all who wait. */
  async finish(transport: HttpTransport, signal: AbortSignal): Promise<void> {
    const listener = this.#listener;
    if (listener === undefined) return;
    this.#finishing ??= listener.returned.then((parameters) => transport.finishAuth(parameters));
    this.#waiting++;
    try {
      await untilAborted(this.#finishing, signal);
    } finally {
      this.#waiting--;
      if (this.#waiting === 0) this.cancel();
    }
  }

  cancel(): void {
    this.#listener?.close();
    this.#listener = undefined;
    this.#finishing = undefined;
  }

  /** The registration names the port, so it stays the same. */
  async #choosePort({ callbackPort, clientId }: OAuthConfig): Promise<number> {
    const { port, client } = await this.#file.read();
    if (callbackPort !== undefined) {
      if (port !== callbackPort) await this.#file.change({ port: callbackPort, client: undefined });
      return callbackPort;
    }
    if (port !== undefined && (client !== undefined || clientId !== undefined)) return port;
    const found = await findPort();
    await this.#file.change({ port: found });
    return found;
  }

  #toProvider(options: OAuthConfig, port: number): OAuthClientProvider {
    const file = this.#file;
    const { clientId, clientSecret, scope, clientMetadataUrl } = options;
    const redirectUrl = `http://127.0.0.1:${port}${callbackPath}`;
    return {
      redirectUrl,
      clientMetadata: {
        client_name: "agentwerk",
        redirect_uris: [redirectUrl],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        ...(scope !== undefined && { scope }),
      },
      ...(clientMetadataUrl !== undefined && { clientMetadataUrl }),
      state: () => randomBytes(32).toString("base64url"),
      clientInformation: async () => {
        if (clientId === undefined) return (await file.read()).client;
        return { client_id: clientId, ...(clientSecret !== undefined && { client_secret: clientSecret }) };
      },
      ...(clientId === undefined && {
        saveClientInformation: (client: OAuthRecord["client"]) => file.change({ client }),
      }),
      tokens: async () => (await file.read()).tokens,
      // What was found out about the server serves one sign-in: next time it may name another service.
      saveTokens: (tokens) => file.change({ tokens, codeVerifier: undefined, discovery: undefined }),
      saveCodeVerifier: (codeVerifier) => this.#begin(codeVerifier),
      codeVerifier: async () => (await file.read()).codeVerifier ?? "",
      saveDiscoveryState: (discovery) => file.change({ discovery }),
      discoveryState: async () => (await file.read()).discovery,
      invalidateCredentials: (part) => file.change(without(part)),
      redirectToAuthorization: (url) => this.#redirect(url, port),
    };
  }

  /** Requests that are refused together send the person to one page, with one verifier; the others wait for that. */
  async #begin(codeVerifier: string): Promise<void> {
    if (this.isPending || this.#beginning !== undefined) {
      await this.#beginning?.promise;
      const { UnauthorizedError } = await import("@modelcontextprotocol/client");
      throw new UnauthorizedError("a person is asked to sign in already");
    }
    this.#beginning = Promise.withResolvers();
    try {
      await this.#file.change({ codeVerifier });
    } catch (error) {
      this.#begun();
      throw error;
    }
  }

  #begun(): void {
    this.#beginning?.resolve();
    this.#beginning = undefined;
  }

  async #redirect(url: URL, port: number): Promise<void> {
    try {
      await this.#show(url, port);
    } finally {
      this.#begun();
    }
  }

  async #show(url: URL, port: number): Promise<void> {
    const { UnauthorizedError } = await import("@modelcontextprotocol/client");
    const openBrowser = this.#openBrowser;
    if (openBrowser === undefined) throw new UnauthorizedError("a person has to sign in");
    // A browser that is handed a file or the scheme of a program opens that, and the server chose the address.
    if (url.protocol !== "https:" && url.protocol !== "http:")
      throw new UnauthorizedError(`its page to sign in at is no page of the web: ${url.protocol}`);
    const listener = await listenForCallback({ port, state: url.searchParams.get("state") ?? "" });
    this.#listener = listener;
    listener.returned.catch(() => {
      if (this.#listener === listener && this.#waiting === 0) this.cancel();
    });
    return openBrowser(url.href);
  }
}

async function toCredentials(options: OAuthConfig): Promise<OAuthClientProvider> {
  const { clientId = "", clientSecret = "", scope } = options;
  const { ClientCredentialsProvider } = await import("@modelcontextprotocol/client");
  return new ClientCredentialsProvider({
    clientId,
    clientSecret,
    clientName: "agentwerk",
    ...(scope !== undefined && { scope }),
  });
}

function without(part: "all" | "client" | "tokens" | "verifier" | "discovery"): OAuthRecord {
  const isGone = (own: typeof part): boolean => part === "all" || part === own;
  return {
    ...(isGone("client") && { client: undefined }),
    ...(isGone("tokens") && { tokens: undefined }),
    ...(isGone("verifier") && { codeVerifier: undefined }),
    ...(isGone("discovery") && { discovery: undefined }),
  };
}
