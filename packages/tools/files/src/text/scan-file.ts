import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { type KeptLine, lineWindow, type WindowOptions } from "./line-window.ts";
import { type Content, type Encoding, sniff, sniffLength } from "./sniff.ts";

/** Files up to this size are read whole, so that their lines are counted and they can be edited. 32 MiB. */
export const wholeBytes = 33_554_432;

const chunkBytes = 262_144;

export interface ScannedText {
  readonly encoding: Encoding;
  readonly lines: readonly KeptLine[];
  /** Lines of the file; undefined when it was not read to its end. */
  readonly total: number | undefined;
  readonly stoppedByCharacters: boolean;
  /** Of the whole content; undefined when it was not read to its end. */
  readonly hash: string | undefined;
  /** Bytes that are no text in this encoding stand as U+FFFD. */
  readonly damaged: boolean;
}

/** The first bytes of an open file and what they say. */
export async function sniffFile(handle: FileHandle): Promise<Content> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(sniffLength), 0, sniffLength, 0);
  return sniff(buffer.subarray(0, bytesRead));
}

/** Reads a window of a text file in pieces: memory is the window's, whatever the file's size. */
export async function scanText(
  handle: FileHandle,
  options: {
    readonly content: Content & { readonly kind: "text" };
    readonly window: WindowOptions;
    readonly size: number;
    readonly signal: AbortSignal;
  },
): Promise<ScannedText> {
  const { content, size, signal } = options;
  const { encoding, markLength } = content;
  const window = lineWindow(options.window);
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(chunkBytes);
  let position = 0;
  let damaged = false;
  let isWhole = true;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes, position);
    if (bytesRead === 0) break;
    const bytes = buffer.subarray(0, bytesRead);
    hash.update(bytes);
    const text = decoder.decode(position === 0 ? bytes.subarray(markLength) : bytes, { stream: true });
    damaged ||= text.includes("\uFFFD");
    window.add(text);
    position += bytesRead;
    if (window.full && (size > wholeBytes || position > wholeBytes)) {
      isWhole = false;
      break;
    }
  }
  if (isWhole) {
    const rest = decoder.decode();
    damaged ||= rest !== "";
    window.add(rest);
  }
  const { lines, total, stoppedByCharacters } = window.finish();
  return {
    encoding,
    lines,
    total: isWhole ? total : undefined,
    stoppedByCharacters,
    hash: isWhole && position <= wholeBytes ? hash.digest("hex") : undefined,
    damaged,
  };
}
