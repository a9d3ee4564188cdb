import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { FileProblem } from "../confine/file-problem.ts";
import { wholeBytes } from "./scan-file.ts";
import { type Encoding, sniff, sniffLength } from "./sniff.ts";

/** The text of a file, and what is needed to write it back in the same form. */
export interface TextFile {
  readonly text: string;
  readonly encoding: Encoding;
  /** The byte order mark that it begins with. */
  readonly mark: Buffer;
}

/** All bytes of an open file. @throws FileProblem when there are more than can be edited. */
export async function readBytes(
  handle: FileHandle,
  { shown, signal }: { readonly shown: string; readonly signal: AbortSignal },
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    signal.throwIfAborted();
    const chunk = Buffer.allocUnsafe(262_144);
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, length);
    if (bytesRead === 0) return Buffer.concat(chunks, length);
    chunks.push(chunk.subarray(0, bytesRead));
    length += bytesRead;
    if (length > wholeBytes) {
      throw new FileProblem(
        `${shown} is larger than ${wholeBytes / 1_048_576} MiB, too large for this tool.`,
      );
    }
  }
}

export function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** @throws FileProblem for what is no text, or would not come back byte for byte. */
export function decodeText(bytes: Buffer, shown: string): TextFile {
  const content = sniff(bytes.subarray(0, sniffLength));
  if (content.kind !== "text") {
    const what = content.kind === "binary" ? content.what : content.mediaType;
    throw new FileProblem(`${shown} is not text but ${what}; this tool changes text only.`);
  }
  const { encoding, markLength } = content;
  const body = bytes.subarray(markLength);
  const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(body);
  const survives =
    encoding === "utf-8" ? isUtf8(body) && !body.includes(0) : encodeBody(text, encoding).equals(body);
  if (!survives)
    throw new FileProblem(`${shown} holds bytes that are not ${encoding}; this tool would change them.`);
  return { text, encoding, mark: Buffer.from(bytes.subarray(0, markLength)) };
}

/** Writes text in the form that the file had. @throws FileProblem for text that no file can hold. */
export function encodeText(text: string, { encoding, mark }: Pick<TextFile, "encoding" | "mark">): Buffer {
  refuseHalves(text);
  return Buffer.concat([mark, encodeBody(text, encoding)]);
}

/** Half of a surrogate pair would become another character on its way to the file. */
export function refuseHalves(text: string): void {
  if (text.isWellFormed()) return;
  throw new FileProblem("The new text holds half of a character. Nothing was written; give whole ones.");
}

function encodeBody(text: string, encoding: Encoding): Buffer {
  if (encoding === "utf-8") return Buffer.from(text, "utf8");
  const bytes = Buffer.from(text, "utf16le");
  return encoding === "utf-16le" ? bytes : bytes.swap16();
}
