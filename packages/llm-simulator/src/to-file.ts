import type { ConversationFile } from "./conversation.ts";

/** A file of a message, without the fields that it does not have. */
export function toFile({ mediaType, data, url, name }: ConversationFile): ConversationFile {
  return {
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(data === undefined ? {} : { data }),
    ...(url === undefined ? {} : { url }),
    ...(name === undefined ? {} : { name }),
  };
}

/** A file that was given as a link, which may be a `data:` URL that holds it. */
export function toFileOfUrl(url: string, name?: string): ConversationFile {
  const match = /^data:([^;,]+);base64,/.exec(url);
  if (match === null) return toFile({ url, name });
  return toFile({ mediaType: match[1], data: url.slice(match[0].length), name });
}
