import { type AgentLike, type Knowledge, TicketSystem } from "@agentwerk/core";
import {
  type CallToolResult,
  Client,
  type ElicitResult,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import type { HttpOptions } from "../http/http-options.ts";
import type { ServedOverHttp } from "../http/serve-http.ts";
import type { Principal } from "../principal.ts";
import type { Profile } from "../profile.ts";
import { serveTickets } from "../serve-tickets.ts";

/** Tokens of principals: `all-…` sees all tickets, any other its own. */
export function tokenOf(name: string): string {
  return `token-of-${name}-0123456789`;
}

export interface ServedSystem extends AsyncDisposable {
  readonly tickets: TicketSystem;
  readonly served: ServedOverHttp;
  readonly errors: unknown[];
  /** A client of the SDK's 2.x line, as a principal. */
  connect(options?: ConnectOptions): Promise<TestClient>;
}

export interface ConnectOptions {
  readonly era?: "legacy" | "modern";
  readonly name?: string;
  /** Answers questions of the server; without it, the client declares that nobody can be asked. */
  readonly elicit?: (message: string) => ElicitResult;
}

export interface TestClient {
  readonly client: Client;
  /** Calls a tool; the answer is taken as data, and a tool error throws its text. */
  call<Data = Record<string, unknown>>(name: string, input?: Record<string, unknown>): Promise<Data>;
  text(name: string, input?: Record<string, unknown>): Promise<string>;
}

/** A ticket system with its agents at work, served over HTTP. */
export async function serveSystem(
  options: {
    readonly agents?: readonly AgentLike[];
    readonly tickets?: TicketSystem;
    readonly profile?: Profile;
    readonly knowledge?: Knowledge;
    readonly work?: boolean;
    readonly approvals?: "trusted" | "asked";
    readonly http?: HttpOptions;
    readonly principals?: readonly Principal[];
  } = {},
): Promise<ServedSystem> {
  const { agents = [], profile = "work", knowledge, work = agents.length > 0, principals = [] } = options;
  const tickets = options.tickets ?? new TicketSystem({ agents });
  const errors: unknown[] = [];
  const served = await serveTickets(tickets, {
    transport: "http",
    port: 0,
    profile,
    knowledge,
    work,
    approvals: options.approvals,
    authenticate({ token }) {
      const name = /^token-of-(.+)-0123456789$/.exec(token)?.[1];
      if (name === undefined) return undefined;
      const sees = name.startsWith("all-") ? "all" : "own";
      return principals.find((principal) => principal.name === name) ?? { name, sees };
    },
    onError: (error) => errors.push(error),
    ...options.http,
  });
  const clients: Client[] = [];
  return {
    tickets,
    served,
    errors,
    async connect({ era = "modern", name = "all-ann", elicit } = {}) {
      const mode = era === "modern" ? { pin: "2026-07-28" } : ("legacy" as const);
      const client = new Client(
        { name: "test", version: "1" },
        {
          versionNegotiation: { mode },
          capabilities: elicit === undefined ? {} : { elicitation: { form: {} } },
        },
      );
      if (elicit !== undefined)
        client.setRequestHandler("elicitation/create", ({ params }) => elicit(params.message));
      const headers = { Authorization: `Bearer ${tokenOf(name)}` };
      await client.connect(
        new StreamableHTTPClientTransport(new URL(served.url), { requestInit: { headers } }),
      );
      clients.push(client);
      // A client that knows the tools checks their answers by their output schemas.
      await client.listTools();
      return toTestClient(client);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.close().catch(() => {})));
      await served.close();
      await tickets.close();
    },
  };
}

function toTestClient(client: Client): TestClient {
  const run = async (name: string, input: Record<string, unknown>): Promise<CallToolResult> => {
    const result = await client.callTool({ name, arguments: input });
    if (result.isError === true) throw new Error(textOf(result));
    return result;
  };
  return {
    client,
    async call<Data>(name: string, input: Record<string, unknown> = {}) {
      return (await run(name, input)).structuredContent as Data;
    },
    text: async (name, input = {}) => textOf(await run(name, input)),
  };
}

function textOf({ content }: CallToolResult): string {
  return content.map((block) => (block.type === "text" ? block.text : `[${block.type}]`)).join("\n");
}
