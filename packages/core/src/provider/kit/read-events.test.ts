import { expect, test } from "vitest";
import { readEvents } from "./read-events.ts";

async function read(...pieces: readonly (string | Uint8Array)[]): Promise<readonly string[]> {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) {
        controller.enqueue(typeof piece === "string" ? encoder.encode(piece) : piece);
      }
      controller.close();
    },
  });
  const events: string[] = [];
  for await (const batch of readEvents(body)) events.push(...batch);
  return events;
}

test("events end at a blank line, however the pieces are cut", async () => {
  const text = 'data: {"a":1}\n\ndata: {"b":2}\n\n';
  expect(await read(text)).toEqual(['{"a":1}', '{"b":2}']);
  expect(await read(...text)).toEqual(['{"a":1}', '{"b":2}']);
});

test("CRLF, comments, other fields and a missing space are fine", async () => {
  expect(
    await read(": ping\r\n\r\nevent: message\r\nid: 1\r\ndata:one\r\n", "\r\ndata: two\r\n\r\n"),
  ).toEqual(["one", "two"]);
});

test("several data lines are one event", async () => {
  expect(await read("data: a\ndata: b\n\n")).toEqual(["a\nb"]);
});

test("the last event may lack its blank line", async () => {
  expect(await read("data: a\n\ndata: b")).toEqual(["a", "b"]);
});

test("a character that is cut in two arrives whole", async () => {
  const bytes = new TextEncoder().encode("data: 👋🏽\n\n");
  expect(await read(bytes.slice(0, 8), bytes.slice(8, 11), bytes.slice(11))).toEqual(["👋🏽"]);
});

test("the end mark ends the reading, though the server leaves the connection open", async () => {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("data: a\n\ndata: [DONE]\n\n")),
  });
  const events: string[] = [];
  for await (const batch of readEvents(body)) events.push(...batch);
  expect(events).toEqual(["a"]);
});

test("leaving early cancels the body", async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("data: a\n\n")),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const _ of readEvents(body)) break;
  expect(cancelled).toBe(true);
});
