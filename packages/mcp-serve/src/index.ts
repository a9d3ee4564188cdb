export type { Credentials, HttpOptions } from "./serve/http/http-options.ts";
export { type ServedOverHttp, serveHttp } from "./serve/http/serve-http.ts";
export type { McpService, ServedConnection } from "./serve/mcp-service.ts";
export { localPrincipal, type Principal } from "./serve/principal.ts";
export { type Profile, profiles } from "./serve/profile.ts";
export { type ServeHttpOptions, type ServeStdioOptions, serveTickets } from "./serve/serve-tickets.ts";
export type { Served } from "./serve/served.ts";
export { type StdioOptions, serveStdio } from "./serve/stdio/serve-stdio.ts";
export { type TicketServiceOptions, ticketService } from "./serve/ticket-service.ts";
