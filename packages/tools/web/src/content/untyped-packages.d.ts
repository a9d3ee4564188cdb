declare module "html-encoding-sniffer" {
  /** The name of the encoding by the HTML standard's sniffing algorithm. */
  function sniffEncoding(
    bytes: Uint8Array,
    options?: {
      readonly xml?: boolean;
      readonly transportLayerEncodingLabel?: string;
      readonly defaultEncoding?: string;
    },
  ): string;
  export = sniffEncoding;
}

declare module "@joplin/turndown-plugin-gfm" {
  import type { Plugin } from "turndown";

  /** Tables, strikethrough and task lists. */
  export const gfm: Plugin;
}
