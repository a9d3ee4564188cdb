import type { Writable } from "node:stream";
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

/** Bytes that the client may leave unread before the next message: much for answers that are long, and no end. */
const mostUnreadBytes = 32_000_000;

export interface ConnectionOptions {
  readonly transport: Transport;
  /** What the transport writes to. */
  readonly output: Writable;
  /** The client does not read; what it is sent from then on is dropped. */
  readonly onOverflow: (error: Error) => void;
  /** A task for its notifications; `undefined` when there is none. */
  readonly describeTask: (taskId: string) => Promise<object | undefined>;
}

/** One client's messages: knows which requests are still to be answered, and lets subscriptions name tasks. */
export class Connection implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport["onmessage"]>;
  readonly #options: ConnectionOptions;
  readonly #open = new Set<RequestId>();
  #answered: PromiseWithResolvers<void> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { transport } = this.#options;
    transport.onclose = () => this.onclose?.();
    transport.onerror = (error) => this.onerror?.(error);
    transport.onmessage = (message, extra) => {
      this.#receive(message, extra).catch((error: Error) => this.onerror?.(error));
    };
    await transport.start();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    const { transport, output, describeTask, onOverflow } = this.#options;
    const sent = isJSONRPCNotification(message) ? await fromRouter(message, describeTask) : message;
    if (sent === undefined) return;
    const isOver = output.writableLength > mostUnreadBytes;
    if (isOver)
      onOverflow(new Error(`The client was dropped: it left over ${mostUnreadBytes} bytes unread.`));
    else await transport.send(sent, options);
    if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) this.#settle(message.id);
  }

  async close(): Promise<void> {
    await this.#options.transport.close();
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
    if (refused !== undefined) return this.#options.transport.send(refused);
    const { describeTask } = this.#options;
    const tasks = await Promise.all(taskIds.map((id) => describeTask(id).catch(() => undefined)));
    const there = taskIds.filter((_, index) => tasks[index] !== undefined);
    this.onmessage?.(toRouter(message, there), extra);
  }

  #settle(id: RequestId | undefined): void {
    if (id === undefined) return;
    this.#open.delete(id);
    if (this.#open.size === 0) this.#answered?.resolve();
  }
}
