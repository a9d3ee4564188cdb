export { type McpServersInput, readMcpFile } from "./mount/config/parse-servers.ts";
export type {
  HttpServerConfig,
  OAuthConfig,
  ServerConfig,
  ServerRules,
  SomeTools,
  StdioServerConfig,
} from "./mount/config/server-config.ts";
export type { ElicitationHandler } from "./mount/elicitation/conversation.ts";
export { McpError, type McpErrorReason } from "./mount/mcp-error.ts";
export { type McpServers, type McpServersOptions, mcpServers } from "./mount/mcp-servers.ts";
export type { OpenBrowser } from "./mount/oauth/sign-in.ts";
export type { McpServerStatus } from "./mount/status.ts";
export type { QuarantinedTool, QuarantineReason } from "./mount/tools/read-tool.ts";
export type { Credentials, HttpOptions } from "./serve/http/http-options.ts";
export type { ServedOverHttp } from "./serve/http/serve-http.ts";
export { localPrincipal, type Principal } from "./serve/principal.ts";
export { type Profile, profiles } from "./serve/profile.ts";
export { type ServeHttpOptions, type ServeStdioOptions, serveTickets } from "./serve/serve-tickets.ts";
export type { Served } from "./serve/served.ts";
export { reserveStdout } from "./serve/stdio/reserve-stdout.ts";
export type { StdioOptions } from "./serve/stdio/serve-stdio.ts";
