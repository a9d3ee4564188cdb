import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type RequestId,
  type Transport,
  type TransportSendOptions,
} from "@modelcontextprotocol/server";
import { refuseUndeclared } from "../tasks/attach-tasks.ts";
import { fromRouter, subscribedTasks, toRouter } from "../tasks/task-subscriptions.ts";

export interface ConnectionOptions {
  readonly transport: Transport;
  /** A task for its notifications; `undefined` when there is none. */
  readonly describeTask: (taskId: string) => Promise<object | undefined>;
}

/** One client's messages: knows which requests are still to be answered, and lets subscriptions name tasks. */
export class Connection implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport["onmessage"]>;
  readonly #transport: Transport;
  readonly #describeTask: ConnectionOptions["describeTask"];
  readonly #open = new Set<RequestId>();
  #answered: PromiseWithResolvers<void> | undefined;

  constructor({ transport, describeTask }: ConnectionOptions) {
    this.#transport = transport;
    this.#describeTask = describeTask;
  }

  async start(): Promise<void> {
    this.#transport.onclose = () => this.onclose?.();
    this.#transport.onerror = (error) => this.onerror?.(error);
    this.#transport.onmessage = (message, extra) => {
      this.#receive(message, extra).catch((error: Error) => this.onerror?.(error));
    };
    await this.#transport.start();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    const sent = isJSONRPCNotification(message) ? await fromRouter(message, this.#describeTask) : message;
    if (sent === undefined) return;
    await this.#transport.send(sent, options);
    if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) this.#settle(message.id);
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  /** Resolves when every request was answered. */
  answered(): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    this.#answered ??= Promise.withResolvers();
    return this.#answered.promise;
  }

  async #receive(
    message: JSONRPCMessage,
    extra: Parameters<NonNullable<Transport["onmessage"]>>[1],
  ): Promise<void> {
    if (isJSONRPCNotification(message) && message.method === "notifications/cancelled") {
      const id = message.params?.requestId;
      if (typeof id === "string" || typeof id === "number") this.#settle(id);
    }
    if (!isJSONRPCRequest(message)) return this.onmessage?.(message, extra);
    // A subscription is answered by notifications, not by a response.
    if (message.method !== "subscriptions/listen") this.#open.add(message.id);
    const taskIds = subscribedTasks(message);
    if (taskIds.length === 0) return this.onmessage?.(message, extra);
    const refused = refuseUndeclared(message);
    if (refused !== undefined) return this.#transport.send(refused);
    const tasks = await Promise.all(taskIds.map((id) => this.#describeTask(id).catch(() => undefined)));
    const there = taskIds.filter((_, index) => tasks[index] !== undefined);
    this.onmessage?.(toRouter(message, there), extra);
  }

  #settle(id: RequestId | undefined): void {
    if (id === undefined) return;
    this.#open.delete(id);
    if (this.#open.size === 0) this.#answered?.resolve();
  }
}
