import { cleanText } from "../tools/clean-text.ts";

/** Keeps the last part of what a server writes to standard error. */
export class TailLog {
  readonly #longest: number;
  #text = "";

  /** `longest` in characters. */
  constructor(longest = 8_000) {
    this.#longest = longest;
  }

  push(chunk: string): void {
    this.#text = (this.#text + chunk.slice(-this.#longest)).slice(-this.#longest);
  }

  /** Without control characters, ready to show. */
  read(): string {
    return cleanText(this.#text, this.#longest);
  }
}
