import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { toErrorMessage } from "@agentwerk/core";
import { FetchFailure } from "./fetch-failure.ts";

export interface Body {
  readonly bytes: Buffer;
  /** What is missing at the end, and why; absent when the body is whole. */
  readonly cut?: string;
}

/**
 * Reads and decompresses a body up to `maxBytes` of content; what comes after is neither read nor decompressed.
 * @throws FetchFailure when nothing of it can be read, and the signal's reason.
 */
export async function readBody(
  response: IncomingMessage,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<Body> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of decompress(response) as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, maxBytes - length));
      length += chunk.length;
      if (length > maxBytes)
        return { bytes: Buffer.concat(chunks), cut: `only the first ${maxBytes} bytes were read` };
    }
    return { bytes: Buffer.concat(chunks) };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof FetchFailure) throw error;
    const reason = `the body broke off: ${toErrorMessage(error)}`;
    if (length === 0) throw new FetchFailure(`The server answered, but ${reason}.`, { cause: error });
    return { bytes: Buffer.concat(chunks), cut: reason };
  } finally {
    response.destroy();
  }
}

function decompress(response: IncomingMessage): Readable {
  const encoding = (response.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  const make = decoders.get(encoding);
  if (make === undefined)
    throw new FetchFailure(`The server used the unknown encoding ${JSON.stringify(encoding)}.`);
  const decoder = make();
  if (decoder === undefined) return response;
  response.once("error", (error) => decoder.destroy(error));
  response.once("aborted", () => decoder.destroy(new Error("the connection was closed")));
  decoder.once("close", () => response.destroy());
  return response.pipe(decoder);
}

type MakeDecoder = () =>
  | ReturnType<typeof createGunzip>
  | ReturnType<typeof createBrotliDecompress>
  | undefined;

/** A map, because a server may name what every object inherits. */
const decoders: ReadonlyMap<string, MakeDecoder> = new Map<string, MakeDecoder>([
  ["identity", () => undefined],
  ["", () => undefined],
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);
