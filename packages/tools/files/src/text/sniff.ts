/** What the first bytes of a file say about it. */
export type Content =
  | { readonly kind: "text"; readonly encoding: Encoding; readonly markLength: number }
  | { readonly kind: "image"; readonly mediaType: string }
  | { readonly kind: "document"; readonly mediaType: string }
  | { readonly kind: "binary"; readonly what: string };

/** As TextDecoder names them. UTF-16 only with its byte order mark. */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be";

/** How many bytes {@link sniff} wants to see. */
export const sniffLength = 8_192;

const images: readonly (readonly [mediaType: string, hex: string])[] = [
  ["image/png", "89504e470d0a1a0a"],
  ["image/jpeg", "ffd8ff"],
  ["image/gif", "474946383761"],
  ["image/gif", "474946383961"],
];

/** From https://en.wikipedia.org/wiki/List_of_file_signatures; only what an agent is likely to meet. */
const binaries: readonly (readonly [what: string, hex: string])[] = [
  ["ZIP archive or Office document", "504b0304"],
  ["gzip data", "1f8b"],
  ["bzip2 data", "425a68"],
  ["xz data", "fd377a585a00"],
  ["zstd data", "28b52ffd"],
  ["7-Zip archive", "377abcaf271c"],
  ["SQLite database", "53514c69746520666f726d6174203300"],
  ["ELF program or library", "7f454c46"],
  ["Mach-O program or library", "cffaedfe"],
  ["Windows program or library", "4d5a"],
  ["WebAssembly module", "0061736d"],
  ["Java class or Mach-O file", "cafebabe"],
  ["TIFF image", "49492a00"],
  ["TIFF image", "4d4d002a"],
  ["BMP image", "424d"],
  ["icon", "00000100"],
  ["MP3 audio", "494433"],
  ["Ogg media", "4f676753"],
  ["WOFF font", "774f4646"],
  ["WOFF2 font", "774f4632"],
];

/** Tells text, images, PDF and other binary files apart by their first bytes, never by their name. */
export function sniff(head: Buffer): Content {
  const image = images.find(([, hex]) => startsWith(head, hex));
  if (image !== undefined) return { kind: "image", mediaType: image[0] };
  if (startsWith(head, "52494646") && head.toString("latin1", 8, 12) === "WEBP") {
    return { kind: "image", mediaType: "image/webp" };
  }
  if (startsWith(head, "255044462d")) return { kind: "document", mediaType: "application/pdf" };
  if (startsWith(head, "efbbbf")) return textOrBinary(head, { encoding: "utf-8", markLength: 3 });
  if (startsWith(head, "fffe0000")) return { kind: "binary", what: "UTF-32 text" };
  if (startsWith(head, "fffe")) return { kind: "text", encoding: "utf-16le", markLength: 2 };
  if (startsWith(head, "feff")) return { kind: "text", encoding: "utf-16be", markLength: 2 };
  return textOrBinary(head, { encoding: "utf-8", markLength: 0 });
}

function textOrBinary(
  head: Buffer,
  text: { readonly encoding: Encoding; readonly markLength: number },
): Content {
  if (!head.includes(0)) return { kind: "text", ...text };
  const known = binaries.find(([, hex]) => startsWith(head, hex));
  return { kind: "binary", what: known?.[0] ?? "binary data" };
}

function startsWith(head: Buffer, hex: string): boolean {
  const magic = Buffer.from(hex, "hex");
  return head.length >= magic.length && head.compare(magic, 0, magic.length, 0, magic.length) === 0;
}
