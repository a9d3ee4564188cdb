export { serveHttp } from "./serve/http/serve-http.ts";
export type { McpService, ServedConnection } from "./serve/mcp-service.ts";
export { serveStdio } from "./serve/stdio/serve-stdio.ts";
export { type TicketServiceOptions, ticketService } from "./serve/ticket-service.ts";
