import { AgentwerkError } from "@agentwerk/core";

/** Why an MCP server cannot be used. */
export type McpErrorReason = "unreachable" | "unauthorized" | "unknown_server";

/** A failure of an MCP server or of the way to it; narrow on `reason`. */
export class McpError extends AgentwerkError {
  override name = "McpError";
  readonly server: string;
  readonly reason: McpErrorReason;

  constructor(options: {
    readonly server: string;
    readonly reason: McpErrorReason;
    readonly message: string;
    readonly cause?: unknown;
  }) {
    super({
      code: options.reason === "unknown_server" ? "not_found" : "tool_source_unavailable",
      message: options.message,
      cause: options.cause,
    });
    this.server = options.server;
    this.reason = options.reason;
  }
}
