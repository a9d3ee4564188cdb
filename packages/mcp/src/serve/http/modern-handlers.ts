import type { Transformer } from "node:stream/web";
import {
  createMcpHandler,
  isJSONRPCNotification,
  isJSONRPCRequest,
  type JSONRPCMessage,
  type McpHttpHandler,
} from "@modelcontextprotocol/server";
import type { McpService } from "../mcp-service.ts";
import type { Principal } from "../principal.ts";
import { refuseUndeclared } from "../tasks/attach-tasks.ts";
import { fromRouter, subscribedTasks, toRouter } from "../tasks/task-subscriptions.ts";
import { boundedBody } from "./bounded-body.ts";
import type { ServedRequest } from "./served-request.ts";

/** Principals whose handlers are kept; the one that was silent the longest goes first. */
const kept = 1_000;

/** Clients of the stateless protocol from 2026-07-28: one handler a principal, so that subscriptions tell each its own. */
export class ModernHandlers {
  readonly #service: McpService;
  readonly #onError: (error: unknown) => void;
  readonly #handlers = new Map<string, McpHttpHandler>();

  constructor(options: { readonly service: McpService; readonly onError: (error: unknown) => void }) {
    this.#service = options.service;
    this.#onError = options.onError;
  }

  async handle(request: Request, { principal, body, drop }: ServedRequest): Promise<Response> {
    const handler = this.#handlerOf(principal);
    const ask = async (message: unknown): Promise<Response> => {
      const response = await handler.fetch(request, { parsedBody: message });
      if (response.body === null) return response;
      return new Response(boundedBody(response.body, { onEnd: () => {}, onOverflow: drop }), response);
    };
    const describeTask = async (taskId: string): Promise<object | undefined> =>
      this.#service.describeTask?.(taskId, principal);
    const taskIds = isJSONRPCRequest(body) ? subscribedTasks(body) : [];
    if (!isJSONRPCRequest(body) || taskIds.length === 0) return ask(body);
    const refused = refuseUndeclared(body);
    if (refused !== undefined) return Response.json(refused, { status: 400 });
    const tasks = await Promise.all(taskIds.map((id) => describeTask(id).catch(() => undefined)));
    const there = taskIds.filter((_, index) => tasks[index] !== undefined);
    const response = await ask(toRouter(body, there));
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
    if (!isStream || response.body === null) return response;
    const rewritten = response.body.pipeThrough(new TransformStream(rewriter(describeTask)));
    return new Response(rewritten, { status: response.status, headers: response.headers });
  }

  async close(): Promise<void> {
    const handlers = [...this.#handlers.values()];
    this.#handlers.clear();
    await Promise.all(handlers.map((handler) => handler.close()));
  }

  #handlerOf(principal: Principal): McpHttpHandler {
    const name = JSON.stringify(principal);
    const known = this.#handlers.get(name);
    // The order of the map is that of use.
    this.#handlers.delete(name);
    const bus = known === undefined ? this.#service.changes?.(principal) : undefined;
    const handler =
      known ??
      createMcpHandler(() => this.#service.connect({ principal, era: "modern", isLasting: false }), {
        legacy: "reject",
        onerror: this.#onError,
        ...(bus !== undefined && { bus }),
      });
    this.#handlers.set(name, handler);
    const [oldest] = this.#handlers;
    if (this.#handlers.size > kept && oldest !== undefined) {
      this.#handlers.delete(oldest[0]);
      oldest[1].close().catch(this.#onError);
    }
    return handler;
  }
}

/** Rewrites the notifications of a stream of server-sent events; comments and all else pass. */
function rewriter(
  describeTask: (taskId: string) => Promise<object | undefined>,
): Transformer<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let rest = "";
  return {
    async transform(chunk, controller) {
      const frames = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
      rest = frames.pop() ?? "";
      for (const frame of frames) {
        const rewritten = await rewriteFrame(frame, describeTask);
        if (rewritten !== undefined) controller.enqueue(encoder.encode(`${rewritten}\n\n`));
      }
    },
    flush(controller) {
      if (rest !== "") controller.enqueue(encoder.encode(rest));
    },
  };
}

async function rewriteFrame(
  frame: string,
  describeTask: (taskId: string) => Promise<object | undefined>,
): Promise<string | undefined> {
  const data = /^data: (.*)$/m.exec(frame)?.[1];
  if (data === undefined) return frame;
  const message = JSON.parse(data) as JSONRPCMessage;
  if (!isJSONRPCNotification(message)) return frame;
  const rewritten = await fromRouter(message, describeTask);
  return rewritten === undefined ? undefined : frame.replace(data, () => JSON.stringify(rewritten));
}
