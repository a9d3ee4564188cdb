import type { Terminal } from "agentwerk/terminal";
import { fitLine, toSeconds } from "./format.ts";

const frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const frameMs = 100;
const clearLine = "\r\u001b[2K";

/** The last line of a terminal, drawn again while lines scroll past above it; where nothing can be redrawn, only those lines. */
export class StatusLine {
  readonly #terminal: Terminal;
  readonly #describe: () => string;
  #timer: NodeJS.Timeout | undefined;
  #startedAt = 0;

  constructor(terminal: Terminal, describe: () => string) {
    this.#terminal = terminal;
    this.#describe = describe;
  }

  start(): void {
    if (!this.#terminal.isLive || this.#timer !== undefined) return;
    this.#startedAt = performance.now();
    this.#timer = setInterval(() => this.#terminal.write(this.#draw()), frameMs).unref();
    this.#terminal.write(this.#draw());
  }

  print(line: string): void {
    this.#terminal.write(this.#timer === undefined ? `${line}\n` : `${clearLine}${line}\n${this.#draw()}`);
  }

  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#terminal.write(clearLine);
  }

  #draw(): string {
    const elapsedMs = performance.now() - this.#startedAt;
    const frame = frames[Math.floor(elapsedMs / frameMs) % frames.length];
    // One column stays free, because some terminals wrap a line that is full, and two for the ^C that they echo.
    const text = fitLine(
      `${frame} ${this.#describe()}, ${toSeconds(elapsedMs)}`,
      this.#terminal.columns() - 3,
    );
    return `${clearLine}${this.#terminal.paint("dim", text)}`;
  }
}
