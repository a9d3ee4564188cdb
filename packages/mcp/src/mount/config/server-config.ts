import type { Duration } from "@agentwerk/core";

/** All tools of the server, or those named by the server's own names. */
export type SomeTools = boolean | readonly string[];

/** What agentwerk adds to a server's entry. Everything that loosens a rule is here and nowhere else. */
export interface ServerRules {
  /** Not started, and its references are not resolved. */
  readonly disabled?: boolean | undefined;
  /** Only these tools, by the server's own names. */
  readonly allow?: readonly string[] | undefined;
  /** None of these tools. */
  readonly deny?: readonly string[] | undefined;
  /** Tools that change nothing: calls of one turn run together, and again after a crash or a lost connection. */
  readonly readOnly?: SomeTools | undefined;
  /** Tools whose second call changes nothing more: run again after a crash or a lost connection. */
  readonly idempotent?: SomeTools | undefined;
  /** Believes the server's own `readOnlyHint`, `idempotentHint` and `destructiveHint: false`. */
  readonly trustAnnotations?: boolean | undefined;
  /** Puts calls before a person: all, or those of tools that may destroy. `"never"` unless given. */
  readonly approval?: "always" | "never" | "destructive" | undefined;
  /** Tools that are not listed to the model until `tool_search` finds them. */
  readonly deferred?: SomeTools | undefined;
  /** How long a call may go without an answer or progress; `"60s"` unless given. */
  readonly timeout?: Duration | undefined;
  /** How long a call may take whatever its progress; `"10m"` unless given. */
  readonly maxTime?: Duration | undefined;
  /** How long the start may take; `"60s"` unless given. */
  readonly startTimeout?: Duration | undefined;
  /** Characters of one result; 1,000,000 unless given. */
  readonly maxOutput?: number | undefined;
  /** Tools for the server's resources; true unless given. */
  readonly resources?: boolean | undefined;
  /** Tools for the server's prompts; true unless given. */
  readonly prompts?: boolean | undefined;
  /** Lets the server put questions to a person; true unless given. */
  readonly elicitation?: boolean | undefined;
  /** Lets the server ask the agent's model, within limits a call; false unless given. */
  readonly sampling?:
    | boolean
    | { readonly maxTokens?: number | undefined; readonly maxRequests?: number | undefined }
    | undefined;
  /** Directories that the server is told as roots. */
  readonly roots?: readonly string[] | undefined;
  /** Keeps back tools that were added or changed since the user accepted them; true unless given. */
  readonly pins?: boolean | undefined;
}

export interface StdioServerConfig extends ServerRules {
  readonly type?: "stdio" | undefined;
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /** Added to the few variables that every server gets. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
}

export interface OAuthConfig {
  /** Registered beforehand; without it the client registers itself. */
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** `client_credentials` signs in the program itself, with `clientId` and `clientSecret`; a person unless given. */
  readonly grantType?: "authorization_code" | "client_credentials" | undefined;
  /** Without it the server's own choice. */
  readonly scope?: string | undefined;
  /** An https URL of a document that describes this client, for servers that take one instead of a registration. */
  readonly clientMetadataUrl?: string | undefined;
  /** Port of the loopback listener that the browser comes back to; a free one unless given. */
  readonly callbackPort?: number | undefined;
}

export interface HttpServerConfig extends ServerRules {
  /** Streamable HTTP, then HTTP+SSE if the server is an old one, unless given. */
  readonly type?: "http" | "streamable-http" | "streamableHttp" | "sse" | undefined;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The sign-in of a server that wants one; true unless given. */
  readonly oauth?: boolean | OAuthConfig | undefined;
}

/** One server, as in the `mcpServers` of a client's configuration, with what agentwerk adds. */
export type ServerConfig = StdioServerConfig | HttpServerConfig;

export function isStdio(config: ServerConfig): config is StdioServerConfig {
  return "command" in config;
}
