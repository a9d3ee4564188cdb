import { compileSchema, defineTool, type JsonSchemaObject, type Tool } from "@agentwerk/core";
import type { CallToolRequest, Tool as McpTool } from "@modelcontextprotocol/client";
import { type CallSettings, callServer } from "../calls/call-server.ts";
import type { ServerConfig } from "../config/server-config.ts";
import { mapResult } from "./map-content.ts";
import type { ServerTool } from "./read-tool.ts";
import { withoutPatterns } from "./without-patterns.ts";

export interface MountOptions {
  /** As models see it. */
  readonly name: string;
  readonly tool: ServerTool;
  readonly config: ServerConfig;
  readonly settings: CallSettings;
  readonly maxOutput: number;
  /** Why the tool must not be called any more; undefined while it is what the ticket was told. */
  readonly check: (signal: AbortSignal) => Promise<string | undefined>;
}

/** So that our own limit, which also tells the server, comes before the loop's. */
const marginMs = 10_000;

/**
 * A server's tool as one of ours.
 * @throws AgentwerkError `invalid_schema` when its schema is none.
 */
export function mountTool({ name, tool, config, settings, maxOutput, check }: MountOptions): Tool {
  const effects = effectsOf(tool, config);
  const mounted = defineTool({
    name,
    description: tool.description || `The tool ${tool.name} of the MCP server ${settings.server}.`,
    input: tool.inputSchema,
    readOnly: effects.readOnly,
    idempotent: effects.idempotent,
    destructive: effects.destructive,
    deferred: includes(config.deferred, tool.name),
    approval: approvalOf(config, effects),
    timeout: settings.maxTimeMs + marginMs,
    run: (input, context) =>
      callServer(settings, {
        context,
        repeatable: effects.idempotent,
        check,
        send: (client, answers, options) => {
          const params = { name: tool.name, arguments: input as Record<string, unknown>, ...answers };
          return client.callTool(params as CallToolRequest["params"], {
            ...options,
            toolDefinition: toDefinition(tool),
          });
        },
        toReturn: (result) =>
          mapResult(result, { maxOutput, accepts: context.accepts, outputSchema: tool.outputSchema }),
      }),
  });
  return { ...mounted, parseInput: parserOf(tool) };
}

interface Effects {
  readonly readOnly: boolean;
  readonly idempotent: boolean;
  readonly destructive: boolean;
}

/** The server's own hints can make a tool look worse than it is configured, and better only where the user trusts them. */
function effectsOf({ name, hints }: ServerTool, config: ServerConfig): Effects {
  const trusts = config.trustAnnotations === true;
  const readOnly = includes(config.readOnly, name) || (trusts && hints.readOnly === true);
  return {
    readOnly,
    idempotent: readOnly || includes(config.idempotent, name) || (trusts && hints.idempotent === true),
    destructive: hints.destructive === true || (!readOnly && !(trusts && hints.destructive === false)),
  };
}

function approvalOf({ approval }: ServerConfig, { destructive }: Effects): "always" | "never" {
  return approval === "always" || (approval === "destructive" && destructive) ? "always" : "never";
}

function includes(option: boolean | readonly string[] | undefined, name: string): boolean {
  return option === true || (Array.isArray(option) && option.includes(name));
}

/** Without the output schema, which the SDK would compile; results are checked by `mapResult`. */
function toDefinition({ name, original }: ServerTool): McpTool {
  return { name, inputSchema: { ...original, type: "object" } } as McpTool;
}

/** Arguments are checked in the dialect that the server names, which models are not shown. */
function parserOf({ inputSchema, original }: ServerTool): Tool["parseInput"] {
  const { $schema } = original;
  const schema: JsonSchemaObject = typeof $schema === "string" ? { ...inputSchema, $schema } : inputSchema;
  return compileSchema(withoutPatterns(schema), "inputSchema").parse;
}
