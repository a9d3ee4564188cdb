import { randomUUID } from "node:crypto";
import {
  isJSONRPCRequest,
  ProtocolError,
  ProtocolErrorCode,
  type StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";

/** Marks our own answers; a server cannot know it. */
const mark: string = randomUUID();

/**
 * Lets a request whose stream ends or breaks without an answer, as when its server is restarted, fail at once. The SDK
 * waits until the request's own time is up. A stream that can be taken up again has not ended.
 */
export function tellCutStreams(transport: StreamableHTTPClientTransport): void {
  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    // Subscriptions look after their streams themselves; the probe would take an error for the answer of an older server.
    const isLeft = options?.onRequestStreamEnd !== undefined;
    if (
      Array.isArray(message) ||
      !isJSONRPCRequest(message) ||
      isLeft ||
      message.method === "server/discover"
    )
      return send(message, options);
    const { id } = message;
    const error = {
      code: ProtocolErrorCode.InternalError,
      message: "its stream ended without an answer",
      data: mark,
    };
    // After an answer this is one to an id that is not there any more, which is dropped.
    const onRequestStreamEnd = (): void => transport.onmessage?.({ jsonrpc: "2.0", id, error });
    return send(message, { ...options, onRequestStreamEnd });
  };
}

export function isCutStream(error: unknown): error is ProtocolError {
  return error instanceof ProtocolError && error.data === mark;
}
