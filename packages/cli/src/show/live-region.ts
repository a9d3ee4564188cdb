import type { Terminal } from "./terminal.ts";
import { widthOf } from "./width.ts";

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const clearDown = "\r\u001b[J";

/**
 * The last lines of a terminal, drawn again in place while others scroll past above them. What is drawn has to fit: each
 * line on one row, all of them on the screen, and one row more. The cursor stays on that row, which is empty: terminals
 * that break lines anew when they get narrower disagree about the line with the cursor only.
 */
export class LiveRegion {
  readonly #terminal: Terminal;
  readonly #stream: NodeJS.WriteStream;
  #drawn: readonly string[] = [];
  #isOpen = false;
  readonly #restore = (): void => this.close();

  constructor(terminal: Terminal, stream: NodeJS.WriteStream) {
    this.#terminal = terminal;
    this.#stream = stream;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Draws for the first time. `onResize` is called when the lines have to be made anew. */
  open(onResize: () => void): void {
    if (this.#isOpen || !this.#terminal.isLive) return;
    this.#isOpen = true;
    this.#terminal.write(hideCursor);
    this.#stream.on("resize", onResize);
    process.once("exit", this.#restore);
  }

  draw(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    this.#terminal.write(this.#erase() + toText(lines));
    this.#drawn = lines;
  }

  /** Writes whole lines above. */
  print(text: string): void {
    const lines = this.#drawn;
    this.#terminal.write(this.#erase() + text + toText(lines));
    this.#drawn = lines;
  }

  /** Takes the region away and gives the cursor back. */
  close(): void {
    if (!this.#isOpen) return;
    this.#terminal.write(this.#erase() + showCursor);
    this.#isOpen = false;
    this.#stream.removeAllListeners("resize");
    process.off("exit", this.#restore);
  }

  /** A terminal that got narrower has broken the lines that were drawn: their rows are counted by its present width. */
  #erase(): string {
    if (!this.#isOpen || this.#drawn.length === 0) return "";
    const columns = this.#terminal.columns();
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
    this.#drawn = [];
    return `\u001b[${rows}A${clearDown}`;
  }
}

function toText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
