/// <reference path="./untyped-packages.d.ts" />

import { isUtf8 } from "node:buffer";
import sniffEncoding from "html-encoding-sniffer";

/** The text of a body: by its byte order mark, the header, the page's own declaration, and last by what fits. */
export function decodeText(
  bytes: Buffer,
  { contentType, isHtml }: { readonly contentType: string; readonly isHtml: boolean },
): string {
  const label = /charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
  const name = sniffEncoding(bytes, {
    // XML carries no meta elements: only its mark and the header count.
    xml: !isHtml,
    defaultEncoding: isUtf8(bytes) ? "UTF-8" : "windows-1252",
    ...(label === undefined ? {} : { transportLayerEncodingLabel: label }),
  });
  try {
    return new TextDecoder(name).decode(bytes);
  } catch {
    // An encoding that this build of Node does not know.
    return new TextDecoder().decode(bytes);
  }
}
