import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { anthropicMessages } from "./anthropic-messages/anthropic-messages.ts";
import type { BehaviourOptions } from "./behaviour/behaviour.ts";
import { createBehaviour } from "./behaviour/create-behaviour.ts";
import { chatCompletions } from "./chat-completions/chat-completions.ts";
import { createFaultSchedule } from "./fault/fault-schedule.ts";
import { mistralChat } from "./mistral-chat/mistral-chat.ts";
import { openaiResponses } from "./openai-responses/openai-responses.ts";
import type { ServerState } from "./server/handle-model-request.ts";
import { handleModelRequest, sendJson } from "./server/handle-model-request.ts";
import { createPromptCache } from "./server/prompt-cache.ts";
import type { RecordedRequest } from "./server/recorded-request.ts";
import { RequestLog } from "./server/request-log.ts";
import { SimulatorError } from "./simulator-error.ts";
import type { ResolvedOptions, SimulatorOptions } from "./simulator-options.ts";
import { checkBehaviour, resolveOptions } from "./simulator-options.ts";
import type { WireFormat } from "./wire-format.ts";

/** A running simulator. */
export interface Simulator extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** What OpenAI's SDK takes as base URL: `url` with `/v1`. */
  readonly baseUrl: string;
  /** What each vendor's SDK takes as base URL. */
  readonly baseUrls: { readonly openai: string; readonly anthropic: string; readonly mistral: string };
  readonly port: number;
  /** Model requests, oldest first; only the newest `recordLimit` are kept. */
  readonly requests: readonly RecordedRequest[];
  /** Model requests since the start or the last `use`. */
  readonly requestCount: number;
  /** Exchanges script, function and faults, and forgets all requests. */
  use(behaviour: BehaviourOptions): void;
  /** Resolves once so many model requests have come in. */
  received(count: number, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** @throws SimulatorError `script_mismatch` listing unexpected requests and steps that nobody asked for. */
  assertFinished(): void;
  /** Ends every connection and frees the port. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts a server on 127.0.0.1 that answers like a model vendor.
 * @throws SimulatorError `invalid_options` or `listen_failed`.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const resolved = resolveOptions(options);
  const log = new RequestLog(resolved.recordLimit);
  const { tokensPerEvent } = resolved;
  const formats: readonly WireFormat[] = [
    chatCompletions({ dialect: resolved.chatDialect, tokensPerEvent }),
    openaiResponses({ tokensPerEvent }),
    anthropicMessages({ tokensPerEvent }),
    mistralChat({ tokensPerEvent }),
  ];
  let mismatches: string[] = [];
  const build = (behaviour: BehaviourOptions): ServerState => {
    checkBehaviour(behaviour);
    return {
      options: resolved,
      log,
      behaviour: createBehaviour(behaviour),
      schedule: createFaultSchedule(behaviour.faults ?? []),
      countCached: resolved.promptCache ? createPromptCache() : undefined,
      reportMismatch: (message) => mismatches.push(message),
    };
  };
  let state = build(options);
  const server = createServer((request, response) => {
    route(state, formats, request, response).catch(() => response.destroy());
  });
  // Longer than any client keeps an idle connection: a test must not fail because both ends let go at once.
  server.keepAliveTimeout = 60_000;
  const port = await listen(server, resolved);
  const url = `http://127.0.0.1:${port}`;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= closeServer(server);
    return closing;
  };
  return {
    url,
    baseUrl: `${url}/v1`,
    baseUrls: { openai: `${url}/v1`, anthropic: url, mistral: `${url}/mistral` },
    port,
    get requests() {
      return log.records;
    },
    get requestCount() {
      return log.count;
    },
    use(behaviour) {
      state = build(behaviour);
      mismatches = [];
      log.clear();
    },
    received: (count, waitOptions) => log.received(count, waitOptions?.signal),
    assertFinished() {
      const problems = [
        ...mismatches,
        ...state.behaviour.leftOver().map((line) => `Never asked for: ${line}`),
      ];
      if (problems.length > 0) throw new SimulatorError("script_mismatch", problems.join("\n"));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function route(
  state: ServerState,
  formats: readonly WireFormat[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "GET", url = "/" } = request;
  const mark = url.indexOf("?");
  const path = mark === -1 ? url : url.slice(0, mark);
  const format = formats.find((candidate) => candidate.path === path);
  if (format !== undefined && method === "POST") {
    return handleModelRequest(state, format, request, response);
  }
  request.resume();
  if (path === "/v1/models" && method === "GET") {
    return sendJson(response, { status: 200, body: listModels(state.options.models ?? ["simulated-model"]) });
  }
  const [fallback] = formats;
  if (fallback === undefined) return;
  sendJson(response, fallback.writeFailure({ kind: "path_not_found", method, path }));
}

function listModels(models: readonly string[]): string {
  const data = models.map((id) => ({ id, object: "model", created: 0, owned_by: "llm-simulator" }));
  return JSON.stringify({ object: "list", data });
}

function listen(server: Server, { port }: ResolvedOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? "it is in use; choose another" : cause.message;
      reject(new SimulatorError("listen_failed", `Cannot listen on 127.0.0.1:${port}: ${why}.`, { cause }));
    });
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
