import type { ServerResponse } from "node:http";

/** Answers a request that is not served, as a JSON-RPC error. */
export function refuse(
  response: ServerResponse,
  options: {
    readonly status: number;
    readonly message: string;
    readonly code?: number;
    readonly headers?: Readonly<Record<string, string>>;
  },
): void {
  const { status, message, code = -32_000, headers = {} } = options;
  const body = JSON.stringify({ jsonrpc: "2.0", error: { code, message }, id: null });
  const { req: request } = response;
  // Nobody keeps a connection by being refused, and what of the request has not arrived is not waited for.
  response.writeHead(status, { "Content-Type": "application/json", Connection: "close", ...headers });
  response.end(body);
  if (request.complete) return;
  // What still comes is thrown away for a moment, so that the client gets to read the answer.
  request.resume();
  const timer = setTimeout(() => request.destroy(), 1_000);
  request.once("close", () => clearTimeout(timer));
}
