import type { FetchLike } from "@modelcontextprotocol/client";

/** `fetch` whose answers fail once one message of theirs is longer than `maxMessage` bytes: a whole body, or one event of a stream. */
export function limitResponses(fetch: FetchLike, maxMessage: number): FetchLike {
  return async (url, init) => {
    const response = await fetch(url, init);
    const isRedirect = response.status >= 300 && response.status < 400;
    if (response.body === null || response.status < 200 || isRedirect) return response;
    const isStream = response.headers.get("content-type")?.includes("text/event-stream") === true;
    const body = response.body.pipeThrough(limiter(isStream, maxMessage));
    const limited = new Response(body, {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    });
    Object.defineProperty(limited, "url", { value: response.url });
    return limited;
  };
}

function limiter(isStream: boolean, maxMessage: number): TransformStream<Uint8Array, Uint8Array> {
  let length = 0;
  return new TransformStream({
    transform(chunk, controller) {
      // An event ends with an empty line; one line end is near enough to tell a long event from many short ones.
      const lineEnd = isStream ? chunk.lastIndexOf(10) : -1;
      length = lineEnd === -1 ? length + chunk.length : chunk.length - lineEnd - 1;
      if (length > maxMessage)
        controller.error(new Error(`The server sent a message of more than ${maxMessage} bytes`));
      else controller.enqueue(chunk);
    },
  });
}
