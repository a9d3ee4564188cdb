import type { IncomingMessage } from "node:http";
import { deepestJson, isJsonDeeperThan } from "../../json-depth.ts";

/** A request's body as JSON, or why it is refused. */
export type Body =
  | { readonly ok: true; readonly json: unknown }
  | { readonly ok: false; readonly status: 400 | 413; readonly code: number; readonly message: string };

/** Reads no more than `maxBytes`, and nothing of a body that says that it is longer. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  const tooLarge = {
    ok: false,
    status: 413,
    code: -32_600,
    message: `The body exceeds ${maxBytes} bytes.`,
  } as const;
  if (Number(request.headers["content-length"]) > maxBytes) return tooLarge;
  const chunks: Buffer[] = [];
  let length = 0;
  // A body that is cut off is still to be answered, so leaving the loop must not destroy the request.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    length += bytes.length;
    if (length > maxBytes) return tooLarge;
    chunks.push(bytes);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
    if (isJsonDeeperThan(text, deepestJson)) {
      const message = `The body is nested deeper than ${deepestJson} levels; send flatter arguments, or text.`;
      return { ok: false, status: 400, code: -32_600, message };
    }
    return { ok: true, json: JSON.parse(text) };
  } catch {
    return { ok: false, status: 400, code: -32_700, message: "The body is not JSON in UTF-8." };
  }
}
