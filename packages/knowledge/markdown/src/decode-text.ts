import { isUtf8 } from "node:buffer";

/** Bytes of a page and of a skill's instructions: more is a mistake or an attack. */
export const longestText = 1_048_576;

/** @throws Error for what is no text, or too much of it. */
export function decodeText(bytes: Buffer): string {
  if (bytes.length > longestText) throw new Error(`it is larger than ${longestText / 1_048_576} MiB`);
  if (!isUtf8(bytes) || bytes.includes(0)) throw new Error("it is not UTF-8 text");
  return bytes.toString("utf8");
}
