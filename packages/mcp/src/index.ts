export { type McpServersInput, readMcpFile } from "./mount/config/parse-servers.ts";
export type {
  HttpServerConfig,
  OAuthConfig,
  ServerConfig,
  StdioServerConfig,
} from "./mount/config/server-config.ts";
export type { ElicitationHandler } from "./mount/elicitation/conversation.ts";
export { McpError, type McpErrorReason } from "./mount/mcp-error.ts";
export { type McpServers, type McpServersOptions, mcpServers } from "./mount/mcp-servers.ts";
export type { OpenBrowser } from "./mount/oauth/sign-in.ts";
export type { McpServerStatus } from "./mount/status.ts";
export type { QuarantinedTool, QuarantineReason } from "./mount/tools/read-tool.ts";
