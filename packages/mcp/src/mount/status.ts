import type { ConnectionState } from "./connection/server-connection.ts";
import type { QuarantinedTool } from "./tools/read-tool.ts";

/** One server as a person wants to see it. */
export interface McpServerStatus {
  /** Its key in the configuration. */
  readonly server: string;
  readonly state: ConnectionState | "disabled" | "unauthorized";
  /** Why it is not ready. */
  readonly reason?: string | undefined;
  readonly transport: "stdio" | "http";
  /** The protocol's revision, while connected. */
  readonly protocol?: string | undefined;
  /** Names as models see them, since the tools were last listed. */
  readonly tools: readonly string[];
  readonly quarantined: readonly QuarantinedTool[];
  /** The end of what it wrote to standard error. */
  readonly log: string;
}
