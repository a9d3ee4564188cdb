const lineEnd = 10;

/**
 * Cuts a stream of bytes into lines, in time linear to their length: the SDK's own buffer joins and searches all of a
 * long message again with each piece, and 16 MB hold up the process for seconds.
 */
export class LineBuffer {
  readonly #longest: number;
  #parts: Buffer[] = [];
  #length = 0;

  /** `longest` in bytes. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The lines that this piece completes. @throws RangeError when a line is too long. */
  push(chunk: Buffer): readonly string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(lineEnd); end !== -1; end = chunk.indexOf(lineEnd, start)) {
      this.#keep(chunk.subarray(start, end));
      lines.push(Buffer.concat(this.#parts, this.#length).toString("utf8"));
      this.clear();
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  clear(): void {
    this.#parts = [];
    this.#length = 0;
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > this.#longest) {
      throw new RangeError(`The server sent a message of more than ${this.#longest} bytes`);
    }
    if (part.length > 0) this.#parts.push(part);
  }
}
