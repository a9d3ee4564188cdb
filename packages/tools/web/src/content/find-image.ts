import type { FetchedPage } from "../net/fetch-page.ts";

/** Bytes of an image that is handed to the model, at most: 5 MB in base64, what vendors take. */
const mostBytes = 3_750_000;

/** First bytes in hex; a dot is any digit. */
const signatures: readonly (readonly [mediaType: string, begins: RegExp])[] = [
  ["image/png", /^89504e470d0a1a0a/],
  ["image/jpeg", /^ffd8ff/],
  ["image/gif", /^47494638(37|39)61/],
  ["image/webp", /^52494646.{8}57454250/],
];

/** The media type of an image that models take, by its first bytes. */
export function imageTypeOf(bytes: Buffer): string | undefined {
  const start = bytes.toString("hex", 0, 16);
  return signatures.find(([, begins]) => begins.test(start))?.[0];
}

/** The media type of an answer that is such an image, whole and not too large, whatever the server calls it. */
export function findImage({ bytes, status, cut }: FetchedPage): string | undefined {
  if (status >= 400 || cut !== undefined || bytes.length > mostBytes) return undefined;
  return imageTypeOf(bytes);
}
