/**
 * Bytes that a client has not read before its stream is dropped. The SDK puts messages into a stream without looking
 * whether anybody reads; a whole answer is one message, so that one may be longer.
 */
export const mostUnreadBytes = 1_000_000;

export interface BoundedBodyOptions {
  /** The stream has ended, in whatever way. */
  readonly onEnd: () => void;
  /** The client reads too slowly, or not at all: the connection is to be cut, for it takes no word of why. */
  readonly onOverflow: (error: Error) => void;
}

/**
 * An answer's body that never holds more than {@link mostUnreadBytes} and one message. It is read at once as it comes,
 * so that nothing waits in the queue behind it, which has no bound.
 */
export function boundedBody(
  body: ReadableStream<Uint8Array>,
  { onEnd, onOverflow }: BoundedBodyOptions,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const forward = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        if ((controller.desiredSize ?? 0) < 0) {
          const error = new Error(
            `A client was dropped: it left over ${mostUnreadBytes} bytes of a stream unread. It can connect again and ask anew.`,
          );
          controller.error(error);
          onOverflow(error);
          return await reader.cancel(error);
        }
        controller.enqueue(value);
      }
    } catch (error) {
      controller.error(error);
    } finally {
      onEnd();
    }
  };
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => void forward(controller),
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: mostUnreadBytes, size: (bytes) => bytes?.byteLength ?? 0 },
  );
}
