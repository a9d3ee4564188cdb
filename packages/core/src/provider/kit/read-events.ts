import type { HeaderSource } from "./retry-after.ts";

/** What chat completions send as the data of the last event. */
const endMark = "[DONE]";

/** How long the end of a body is waited for after its end mark, so that its connection can be used again. */
const drainMs = 1_000;

/** Tells a stream of events from a reply that came whole, and from a page that stands in its place. */
export function isEventStream({ headers }: { readonly headers: HeaderSource }): boolean {
  return headers.get("content-type")?.startsWith("text/event-stream") === true;
}

/**
 * Reads a body of server-sent events and yields the data of its events, in one array for each piece that came over the
 * network: a step of an async generator costs more than the parsing of an event.
 * Only the field `data` is read; lines may end in LF or CRLF, the last event may lack its blank line, and the end mark
 * ends the reading even when the server leaves the connection open.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  const parser = createParser();
  let isEnded = false;
  try {
    while (!isEnded) {
      const { done, value } = await reader.read();
      const events = parser.push(done ? `${decoder.decode()}\n\n` : decoder.decode(value, { stream: true }));
      const end = events.indexOf(endMark);
      isEnded = done || end !== -1;
      if (events.length > 0) yield end === -1 ? events : events.slice(0, end);
    }
  } finally {
    release(reader, { isEnded });
  }
}

function release(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { isEnded }: { readonly isEnded: boolean },
): void {
  const cancel = (): void => {
    reader.cancel().catch(() => undefined);
  };
  if (!isEnded) {
    cancel();
    return;
  }
  const timer = setTimeout(cancel, drainMs);
  timer.unref();
  drain(reader)
    .catch(() => undefined)
    .finally(() => clearTimeout(timer));
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done);
}

interface Parser {
  /** The data of all events that this piece completes. */
  push(text: string): string[];
}

function createParser(): Parser {
  let pending = "";
  let data: string | undefined;
  const takeLine = (line: string, events: string[]): void => {
    if (line === "") {
      if (data !== undefined) events.push(data);
      data = undefined;
    } else if (line.startsWith("data:")) {
      const value = line.slice(line.startsWith("data: ") ? 6 : 5);
      data = data === undefined ? value : `${data}\n${value}`;
    }
  };
  return {
    push(text) {
      const events: string[] = [];
      const lines = pending + text;
      let start = 0;
      // What was pending has no line break, so the search begins after it.
      let end = lines.indexOf("\n", pending.length);
      while (end !== -1) {
        const hasReturn = lines.charCodeAt(end - 1) === carriageReturn;
        takeLine(lines.slice(start, hasReturn ? end - 1 : end), events);
        start = end + 1;
        end = lines.indexOf("\n", start);
      }
      pending = lines.slice(start);
      return events;
    },
  };
}

const carriageReturn = 13;
