import { AgentwerkError } from "@agentwerk/core";
import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type JSONRPCErrorResponse,
  type JSONRPCRequest,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { answerOrTell } from "../tell-failure.ts";
import type { DetailedTask, TaskSource } from "./task-source.ts";

/** The extension of tasks, of which the SDK's server knows nothing: its methods stand on the raw request handlers. */
const extension = "io.modelcontextprotocol/tasks";

export const tasksCapability: Record<string, Record<string, never>> = { [extension]: {} };

const declaration = z.looseObject({ extensions: z.looseObject({ [extension]: z.object({}) }) });
const taskParams = z.object({ taskId: z.string() });

/** Serves `tasks/get`, `tasks/update` and `tasks/cancel`. The server has to declare {@link tasksCapability}. */
export function attachTasks(
  server: Server,
  source: TaskSource,
  onError: (error: unknown) => void = () => {},
): void {
  server.setRequestHandler("tasks/get", { params: taskParams }, async ({ taskId }, context) => {
    requireTasks(context);
    return { ...(await known("tasks/get", { onError, answer: () => source.get(taskId) })) };
  });
  server.setRequestHandler("tasks/update", { params: taskParams }, async ({ taskId }, context) => {
    requireTasks(context);
    // The SDK takes them out of the parameters, as it does for a call that is made again with answers.
    const responses = context.mcpReq.inputResponses ?? {};
    await known("tasks/update", { onError, answer: () => source.update(taskId, responses) });
    return {};
  });
  server.setRequestHandler("tasks/cancel", { params: taskParams }, async ({ taskId }, context) => {
    requireTasks(context);
    await known("tasks/cancel", { onError, answer: () => source.cancel(taskId) });
    return {};
  });
}

/** Whether the client said with this request that it takes tasks. */
export function declaresTasks({ mcpReq }: ServerContext): boolean {
  return hasDeclaration(mcpReq.envelope ?? {});
}

/** The refusal of a request about tasks by a client that does not take them; `undefined` when it does. */
export function refuseUndeclared({ id, params }: JSONRPCRequest): JSONRPCErrorResponse | undefined {
  if (hasDeclaration(params?._meta ?? {})) return undefined;
  const { code, message, data } = undeclared();
  return { jsonrpc: "2.0", id, error: { code, message, data } };
}

function hasDeclaration(meta: Readonly<Record<string, unknown>>): boolean {
  return declaration.safeParse(meta[CLIENT_CAPABILITIES_META_KEY]).success;
}

function undeclared(): MissingRequiredClientCapabilityError {
  return new MissingRequiredClientCapabilityError({ requiredCapabilities: { extensions: tasksCapability } });
}

/** The answer to a call that goes on as a task. What the task holds beyond its state comes with `tasks/get`. */
export function toTaskResult(task: DetailedTask): CallToolResult {
  const { result: _, error: __, inputRequests: ___, ...state } = task;
  return { content: [], resultType: "task", ...state };
}

function requireTasks(context: ServerContext): void {
  if (!declaresTasks(context)) throw undeclared();
}

/** A task that is not there is a wrong parameter in the words of the extension. */
function known<Value>(
  method: string,
  { onError, answer }: { readonly onError: (error: unknown) => void; readonly answer: () => Promise<Value> },
): Promise<Value> {
  return answerOrTell(method, {
    onError,
    answer: () =>
      answer().catch((error: unknown) => {
        const isOurs =
          AgentwerkError.isInstance(error) && (error.code === "not_found" || error.code === "invalid_input");
        throw isOurs
          ? new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no such task: ${error.message}`)
          : error;
      }),
  });
}
