import { stripVTControlCharacters } from "node:util";

/**
 * Everything by which text could do more than be read: control characters but tab and line feed, and marks that turn the
 * direction of what follows.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text of a model, a tool or a stranger, made fit for a terminal: no escape sequence survives, line feeds and tabs do. */
export function sanitize(text: string): string {
  return stripVTControlCharacters(text.replaceAll("\r\n", "\n")).replaceAll(unsafe, "");
}

/** The same on one line. */
export function sanitizeLine(text: string): string {
  return sanitize(text).replaceAll(/\s+/g, " ").trim();
}

/**
 * Sanitizes text that arrives in pieces. A sequence may be cut in the middle: what could still become one waits for the
 * next piece.
 */
export class StreamSanitizer {
  #held = "";

  push(chunk: string): string {
    const text = this.#held + chunk;
    const open = findOpenSequence(text);
    this.#held = open === -1 ? "" : text.slice(open);
    return sanitize(open === -1 ? text : text.slice(0, open));
  }

  /** What is left at the end. */
  flush(): string {
    const text = sanitize(this.#held);
    this.#held = "";
    return text;
  }
}

/** No sequence that a terminal acts on is longer than this without an end; more would only hold the stream back. */
const longestSequence = 4_096;

/** Where a sequence begins that has no end yet, or a carriage return that may belong to a line feed; -1 for none. */
function findOpenSequence(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  const match = /(?:\u001b(?:\[[0-?]*[ -/]*|[\]PX^_][^\u0007\u001b\u009c]*\u001b?)?|\r)$/.exec(text);
  return match === null || match[0].length > longestSequence ? -1 : match.index;
}
