import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createMCPClient } from "@ai-sdk/mcp";
import { Experimental_StdioMCPTransport as StdioMCPTransport } from "@ai-sdk/mcp/mcp-stdio";
import { Client as Client2, StreamableHTTPClientTransport as Http2 } from "@modelcontextprotocol/client";
import { StdioClientTransport as Stdio2 } from "@modelcontextprotocol/client/stdio";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as Stdio1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as Http1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { MCPServerStdio, MCPServerStreamableHttp } from "@openai/agents";

/** How to reach the server. */
export type Target =
  | { readonly transport: "stdio"; readonly dir: string }
  | { readonly transport: "http"; readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** A client that we did not write, in the few words that the tests need. */
export interface OtherClient {
  tools(): Promise<readonly string[]>;
  /** The answer of a tool, as JSON. */
  call(name: string, input: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

const program = fileURLToPath(new URL("serve-stdio.program.ts", import.meta.url));
const command = process.execPath;
const argsFor = (dir: string): string[] => ["--conditions=@agentwerk/source", "--no-warnings", program, dir];
const info = { name: "test", version: "1" };
const run = promisify(execFile);
const require = createRequire(import.meta.url);

async function sdk1(target: Target): Promise<OtherClient> {
  const client = new Client1(info);
  await client.connect(
    target.transport === "stdio"
      ? new Stdio1({ command, args: argsFor(target.dir), stderr: "ignore" })
      : (new Http1(new URL(target.url), { requestInit: { headers: target.headers } }) as never),
  );
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, input) => JSON.stringify(await client.callTool({ name, arguments: input })),
    close: () => client.close(),
  };
}

async function sdk2(target: Target, mode: "legacy" | { readonly pin: string }): Promise<OtherClient> {
  const client = new Client2(info, { versionNegotiation: { mode } });
  await client.connect(
    target.transport === "stdio"
      ? new Stdio2({ command, args: argsFor(target.dir), stderr: "ignore" })
      : new Http2(new URL(target.url), { requestInit: { headers: target.headers } }),
  );
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, input) => JSON.stringify(await client.callTool({ name, arguments: input })),
    close: () => client.close(),
  };
}

async function aiSdk(target: Target): Promise<OtherClient> {
  const client = await createMCPClient({
    transport:
      target.transport === "stdio"
        ? new StdioMCPTransport({ command, args: argsFor(target.dir), stderr: "ignore" })
        : { type: "http", url: target.url, headers: { ...target.headers } },
  });
  return {
    tools: async () => Object.keys(await client.tools()),
    async call(name, input) {
      const tools = await client.tools();
      const answer = await tools[name]?.execute?.(input, {
        toolCallId: "1",
        messages: [],
        context: {},
      } as never);
      return JSON.stringify(answer);
    },
    close: () => client.close(),
  };
}

async function openaiAgents(target: Target): Promise<OtherClient> {
  const server =
    target.transport === "stdio"
      ? new MCPServerStdio({ command, args: argsFor(target.dir) })
      : new MCPServerStreamableHttp({ url: target.url, requestInit: { headers: { ...target.headers } } });
  await server.connect();
  return {
    tools: async () => (await server.listTools()).map(({ name }) => name),
    call: async (name, input) => JSON.stringify(await server.callTool(name, input)),
    close: () => server.close(),
  };
}

/** The Inspector's command line: each request is a process of its own. */
async function inspector(target: Target): Promise<OtherClient> {
  const manifest = require.resolve("@modelcontextprotocol/inspector/package.json");
  const launcher = join(dirname(manifest), "clients", "launcher", "build", "index.js");
  const where =
    target.transport === "stdio"
      ? [command, ...argsFor(target.dir)]
      : [target.url, "--transport", "http", ...headersOf(target.headers)];
  const inspect = async (...args: string[]): Promise<string> => {
    const { stdout } = await run(command, [launcher, "--cli", ...where, ...args], { timeout: 150_000 });
    return stdout;
  };
  return {
    async tools() {
      // Strict: a schema that some host cannot take ends it with an error.
      const { tools } = JSON.parse(await inspect("--method", "tools/list", "--strict")) as Listed;
      return tools.map(({ name }) => name);
    },
    async call(name, input) {
      const args = Object.entries(input).flatMap(([key, value]) => [
        "--tool-arg",
        `${key}=${JSON.stringify(value)}`,
      ]);
      // A tool's error ends the command with one of its own, beside the answer.
      return inspect("--method", "tools/call", "--tool-name", name, ...args).catch(
        (error: { stdout: string }) => error.stdout,
      );
    },
    close: async () => {},
  };
}

interface Listed {
  readonly tools: readonly { readonly name: string }[];
}

function headersOf(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) => ["--header", `${name}: ${value}`]);
}

export const otherClients: Readonly<Record<string, (target: Target) => Promise<OtherClient>>> = {
  "the 1.x SDK": sdk1,
  "the 2.x SDK, 2025-11-25": (target) => sdk2(target, "legacy"),
  "the 2.x SDK, 2026-07-28": (target) => sdk2(target, { pin: "2026-07-28" }),
  "the AI SDK": aiSdk,
  "OpenAI's agents": openaiAgents,
  "the Inspector's command line": inspector,
};
