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
  /** The last bytes before, where an empty line may have begun. */
  let before: Uint8Array = new Uint8Array();
  return new TransformStream({
    transform(chunk, controller) {
      const bytes = isStream ? Buffer.concat([before, chunk]) : Buffer.alloc(0);
      const end = endOfLastEvent(bytes);
      length = end === -1 ? length + chunk.length : bytes.length - end;
      before = bytes.subarray(-3);
      if (length > maxMessage)
        controller.error(new Error(`The server sent a message of more than ${maxMessage} bytes`));
      else controller.enqueue(chunk);
    },
  });
}

/** Where the last empty line ends, whatever its line ends: an event may have any number of lines before it. */
function endOfLastEvent(bytes: Buffer): number {
  const ends = ["\n\n", "\r\r", "\n\r\n"].map((mark) => {
    const start = bytes.lastIndexOf(mark);
    return start === -1 ? -1 : start + mark.length;
  });
  return Math.max(...ends);
}
