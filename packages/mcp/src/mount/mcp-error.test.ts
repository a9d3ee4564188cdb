import { expect, test } from "vitest";
import { McpError, type McpErrorReason } from "./mcp-error.ts";

test.each<readonly [McpErrorReason, string]>([
  ["unreachable", "tool_source_unavailable"],
  ["unauthorized", "tool_source_unavailable"],
  ["unknown_server", "not_found"],
])("%s is told by the core's code %s", (reason, code) => {
  expect(new McpError({ server: "s", reason, message: "m" })).toMatchObject({ code, reason, server: "s" });
});
