/**
 * Everything by which text could do more than be read: control characters but tab and line feed, and marks that turn the
 * direction of what follows.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Strings for a terminal (titles, links, the clipboard, device control), control sequences, in 7-bit and in 8-bit form, and
 * what else begins with an escape. `stripVTControlCharacters` of Node leaves some of them, and takes time that grows with the
 * square of hostile text; here no opener may stand within a string, so that the search is linear.
 */
const sequence =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[ -/]*[0-~]/g;

/** Text of a model, a tool or a stranger, made fit for a terminal: no escape sequence survives, line feeds and tabs do. */
export function sanitize(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(sequence, "").replaceAll(unsafe, "");
}

/** The same on one line. */
export function sanitizeLine(text: string): string {
  return sanitize(text).replaceAll(/\s+/g, " ").trim();
}

/**
 * A sequence, or the beginning of one, that has no end yet, in 7-bit or in 8-bit form; or a carriage return that may belong to
 * a line feed.
 */
const openSequence =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /(?:(?:\u001b\[|\u009b)[0-?]*[ -/]*|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*\u001b?|\u001b[ -/]*|\r)$/;

/** No sequence that a terminal acts on is longer than this without an end; more would only hold the stream back. */
const longestSequence = 4_096;

/**
 * Sanitizes text that arrives in pieces. A sequence may be cut in the middle: what could still become one waits for the
 * next piece.
 */
export class StreamSanitizer {
  #held = "";

  push(chunk: string): string {
    const text = this.#held + chunk;
    const open = openSequence.exec(text);
    const isOpen = open !== null && open[0].length <= longestSequence;
    this.#held = isOpen ? open[0] : "";
    return sanitize(isOpen ? text.slice(0, open.index) : text);
  }

  /** What is left at the end. */
  flush(): string {
    const text = sanitize(this.#held);
    this.#held = "";
    return text;
  }
}
