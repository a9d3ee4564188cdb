import { stripVTControlCharacters } from "node:util";

/** Control characters but tab and line feed, and marks that turn the direction of what follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A sequence, or the beginning of one, that has no end yet; a carriage return may belong to a line feed. */
const openSequence =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /(?:(?:\u001b\[|\u009b)[0-?]*[ -/]*|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*\u001b?|\u001b|\r)$/;

/** More than a terminal acts on without an end; waiting for it would only hold the text back. */
const longestSequence = 4_096;

/** Text of a model, a tool or a file, made fit for a terminal: no escape sequence survives, line feeds and tabs do. */
export function sanitize(text: string): string {
  return stripVTControlCharacters(text.replaceAll("\r\n", "\n")).replaceAll(unsafe, "");
}

/** The same on one line. */
export function sanitizeLine(text: string): string {
  return sanitize(text).replaceAll(/\s+/g, " ").trim();
}

/** The same for text that arrives in pieces: what could still become a sequence waits for the next piece. */
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
