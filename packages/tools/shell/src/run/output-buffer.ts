/** Keeps the beginning and the end of a stream of bytes and counts the rest. */
export class OutputBuffer {
  readonly #limit: number;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #total = 0;

  /** `limit` in bytes; half of it for each end. */
  constructor(limit: number) {
    this.#limit = Math.floor(limit / 2);
  }

  get total(): number {
    return this.#total;
  }

  push(chunk: Buffer): void {
    this.#total += chunk.length;
    const room = this.#limit - this.#headBytes;
    if (room > 0) {
      this.#head.push(chunk.subarray(0, room));
      this.#headBytes += Math.min(room, chunk.length);
    }
    if (chunk.length <= room) return;
    this.#tail.push(chunk.subarray(Math.max(0, room)));
    this.#tailBytes += chunk.length - Math.max(0, room);
    if (this.#tailBytes > 2 * this.#limit) this.#trim();
  }

  /** The beginning, the number of bytes left out after it, and the end. */
  read(): { readonly head: Buffer; readonly omitted: number; readonly tail: Buffer } {
    this.#trim();
    const tail = Buffer.concat(this.#tail);
    return { head: Buffer.concat(this.#head), omitted: this.#total - this.#headBytes - tail.length, tail };
  }

  #trim(): void {
    if (this.#tailBytes <= this.#limit) return;
    const whole = Buffer.concat(this.#tail);
    // Copied, so that what was cut off can be collected.
    this.#tail = [Buffer.from(whole.subarray(whole.length - this.#limit))];
    this.#tailBytes = this.#limit;
  }
}
