import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  isJsonObject,
  type JsonObject,
  type JsonSchema,
  type JsonValue,
  TicketSystem,
} from "@agentwerk/core";
import { calls, scriptedProvider, writesResult } from "@agentwerk/core/testing";
import * as z from "zod";
import type { HttpServerConfig } from "../config/server-config.ts";
import { mcpServers } from "../mcp-servers.ts";

/**
 * A client for the official conformance suite: mounts the server whose URL is the last argument, and lets an agent call
 * every tool that it finds. Questions to a person are answered with nothing but the defaults.
 */
const url = process.argv.at(-1) ?? "";
const context = z
  .looseObject({
    client_id: z.string().optional(),
    client_secret: z.string().optional(),
    toolCalls: z
      .array(z.looseObject({ name: z.string(), arguments: z.record(z.string(), z.json()) }))
      .optional(),
  })
  .parse(JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? "{}"));
const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? "";

/** What the suite takes for the document of a client that registers by URL. */
const clientMetadataUrl = "https://conformance-test.local/client-metadata.json";

function toConfig(): HttpServerConfig {
  const { client_id: clientId, client_secret: clientSecret } = context;
  return {
    type: "http",
    url,
    oauth: {
      clientMetadataUrl,
      ...(clientId !== undefined && { clientId }),
      ...(clientSecret !== undefined && { clientSecret }),
      ...(scenario.startsWith("auth/client-credentials") && { grantType: "client_credentials" }),
    },
  };
}

/** Arguments that fit a schema in the simplest way. */
function exampleOf(schema: JsonSchema | undefined): JsonValue {
  if (!isJsonObject(schema)) return "text";
  if (Array.isArray(schema.enum)) return schema.enum[0] ?? "text";
  if (schema.default !== undefined) return schema.default;
  switch (schema.type) {
    case "integer":
    case "number":
      return 5;
    case "boolean":
      return true;
    case "array":
      return [];
    case "object":
      return exampleObject(schema);
    default:
      return "text";
  }
}

function exampleObject({ properties }: JsonObject): JsonObject {
  if (!isJsonObject(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, child]) => [name, exampleOf(child as JsonSchema)]),
  );
}

const stateDir = await mkdtemp(join(tmpdir(), "agentwerk-conformance-"));
const servers = mcpServers(
  { server: toConfig() },
  {
    stateDir,
    elicit: async () => "{}",
    // The suite's authorization server sends whoever comes straight back.
    openBrowser: async (page) => void (await fetch(page)),
  },
);

let planned: (readonly [string, JsonValue])[] | undefined;
const model = scriptedProvider(({ tools }) => {
  planned ??=
    context.toolCalls?.map(({ name, arguments: given }) => [`server__${name}`, given] as const) ??
    tools
      .filter(({ name }) => name.startsWith("server__"))
      .map(({ name, inputSchema }) => [name, exampleOf(inputSchema)] as const);
  const next = planned.shift();
  return next === undefined ? writesResult("done") : calls(next);
});

const tickets = new TicketSystem();
tickets.agent({ model: model.model, role: "You call every tool.", tools: [servers] });
tickets.on("tool_source_failed", ({ message }) => console.error(message));
tickets.on("tool_call_failed", ({ tool, message }) => console.error(`${tool}: ${message}`));
await tickets.task("Call every tool once.");
await tickets.runDry();
const failed = servers.status().some(({ state }) => state !== "ready");
if (failed) console.error(JSON.stringify(servers.status()));
await tickets.close();
await servers.close();
await rm(stateDir, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
