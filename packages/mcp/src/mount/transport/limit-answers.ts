import {
  isJSONRPCErrorResponse,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type Transport,
} from "@modelcontextprotocol/client";

/** Answers to one server that are on their way at once. */
export const mostAnswers = 100;

/**
 * Bounds what a server can have us send over HTTP: each of its questions is answered by a request of its own, and one that
 * asks without end and lets our answers stand would get all sockets. What is too much is not answered.
 */
export function limitAnswers(transport: Transport): void {
  const send = transport.send.bind(transport);
  let underWay = 0;
  transport.send = async (message, options) => {
    if (!isAnswer(message)) return await send(message, options);
    if (underWay >= mostAnswers) throw new Error(`The server leaves ${mostAnswers} answers standing`);
    underWay++;
    try {
      await send(message, options);
    } finally {
      underWay--;
    }
  };
}

function isAnswer(message: JSONRPCMessage | JSONRPCMessage[]): boolean {
  return !Array.isArray(message) && (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message));
}
