import { tokenOf } from "./served-system.ts";

export interface ModernRequest {
  readonly url: string;
  /** The principal. */
  readonly name: string;
  readonly method: string;
  /** With a `_meta` of their own, or with one that says what every request has to. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Whether the client takes tasks. */
  readonly takesTasks?: boolean;
  readonly signal?: AbortSignal;
}

export interface ModernAnswer {
  readonly result: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly data?: unknown };
}

let id = 0;

/** One request of protocol 2026-07-28, as it stands on the wire. */
export function sendModern({
  url,
  name,
  method,
  params,
  takesTasks = false,
  signal,
}: ModernRequest): Promise<Response> {
  const extensions = { "io.modelcontextprotocol/tasks": {} };
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": takesTasks ? { extensions } : {},
  };
  return fetch(url, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${tokenOf(name)}`,
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      "MCP-Protocol-Version": "2026-07-28",
      "Mcp-Method": method,
      "Mcp-Name": String(params.taskId ?? params.name ?? ""),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params: { _meta, ...params } }),
    ...(signal !== undefined && { signal }),
  });
}

export async function askModern(request: ModernRequest): Promise<ModernAnswer> {
  return (await (await sendModern(request)).json()) as ModernAnswer;
}
