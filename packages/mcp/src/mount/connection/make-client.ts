import { pathToFileURL } from "node:url";
import {
  Client,
  type ClientCapabilities,
  ProtocolError,
  ProtocolErrorCode,
  type VersionNegotiationMode,
} from "@modelcontextprotocol/client";
import { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/client/validators/cf-worker";
import type { CallsUnderWay } from "../calls/calls-under-way.ts";
import { isStdio, type ServerConfig } from "../config/server-config.ts";

export interface ClientParts {
  readonly config: ServerConfig;
  /** Absolute paths that the server is told as roots. */
  readonly roots: readonly string[];
  readonly calls: CallsUnderWay;
  /** Of each request of the start. */
  readonly timeoutMs: number;
  /** The server says that its list of tools is another. */
  readonly onToolsChanged: () => void;
}

/** As servers see us. */
const clientInfo = { name: "agentwerk", version: "0.1.0" };
/** A server over pipes that does not answer the probe within this time, or half of its start, speaks the older protocol. */
const longestProbeMs = 10_000;

/** The SDK's client, with answers to what servers may ask of one. */
export function makeClient(mode: VersionNegotiationMode, parts: ClientParts): Client {
  const { config, roots, calls, timeoutMs, onToolsChanged } = parts;
  const probe = { timeoutMs: isStdio(config) ? Math.min(longestProbeMs, timeoutMs / 2) : timeoutMs };
  const elicits = config.elicitation !== false;
  const samples = config.sampling !== undefined && config.sampling !== false;
  const capabilities: ClientCapabilities = {
    ...(elicits && { elicitation: { form: {}, url: {} } }),
    ...(roots.length > 0 && { roots: {} }),
    ...(samples && { sampling: {} }),
  };
  const client = new Client(clientInfo, {
    capabilities,
    versionNegotiation: { mode, probe },
    // Schemas of strangers are interpreted, never compiled to code (docs/decisions/0006).
    jsonSchemaValidator: new CfWorkerJsonSchemaValidator(),
    listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: onToolsChanged } },
  });
  if (elicits) {
    client.setRequestHandler(
      "elicitation/create",
      async ({ params }) => (await calls.find()?.elicit(params)) ?? { action: "cancel" },
    );
  }
  if (samples) {
    client.setRequestHandler("sampling/createMessage", async ({ params }) => {
      const scope = calls.find();
      if (scope !== undefined) return await scope.sample(params);
      throw new ProtocolError(ProtocolErrorCode.InvalidRequest, "It is not clear for which call this is");
    });
  }
  if (roots.length > 0) client.setRequestHandler("roots/list", () => listRoots(roots));
  client.onerror = () => {};
  return client;
}

/** The answer to `roots/list`. */
export function listRoots(roots: readonly string[]): { roots: { uri: string }[] } {
  return { roots: roots.map((path) => ({ uri: pathToFileURL(path).href })) };
}
