import { createInterface, type Interface } from "node:readline";
import { PassThrough } from "node:stream";
import { lineBreakMark, PasteFilter, pasteModeOff, pasteModeOn } from "./paste-filter.ts";

/** A line as it ended. */
export type Line =
  | { readonly kind: "line"; readonly text: string }
  /** Ctrl-C. */
  | { readonly kind: "interrupt"; readonly wasEmpty: boolean }
  /** Ctrl-D on an empty line, or the terminal is gone. */
  | { readonly kind: "end" };

export interface ReadOptions {
  readonly prompt: string;
  /** Newest first; arrow keys go through it. */
  readonly history?: readonly string[];
  /** Already there when the line begins. */
  readonly initial?: string;
  /** What was typed before the question was there does not answer it. */
  readonly discardTyped?: boolean;
  readonly complete?: (line: string) => readonly string[];
}

/** Characters typed ahead that are kept. */
const mostTypedAhead = 65_536;

/**
 * Owns a terminal's keys. While a line is read they go to Node's line editor; otherwise Ctrl-C calls `onInterrupt` and
 * everything else is kept for the next line. The terminal stays in raw mode all the time, so that Ctrl-C is a key.
 */
export class Keyboard implements Disposable {
  readonly #stdin: NodeJS.ReadStream;
  readonly #stdout: NodeJS.WriteStream;
  readonly #filter = new PasteFilter();
  readonly #keys = new PassThrough();
  #onInterrupt: () => void = () => {};
  /** Between a submitted line and the next one nothing reads. */
  #isReading = false;
  #typedAhead = "";
  #isClosed = false;
  #onClosed: () => void = () => {};

  constructor(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#keys.setEncoding("utf8");
    stdin.setEncoding("utf8");
    stdin.setRawMode(true);
    stdin.on("data", this.#onData);
    stdin.on("end", this.#onEnd);
    stdin.on("error", this.#onEnd);
    stdin.resume();
    stdout.write(pasteModeOn);
  }

  /** What Ctrl-C does while no line is read. */
  set onInterrupt(listener: () => void) {
    this.#onInterrupt = listener;
  }

  /** Reads one line. Line breaks that were pasted are in it. */
  async readLine(options: ReadOptions): Promise<Line> {
    if (this.#isClosed) return { kind: "end" };
    const { prompt, history = [], initial = "", complete, discardTyped = false } = options;
    if (discardTyped) this.#typedAhead = "";
    const editor = createInterface({
      input: this.#keys,
      output: this.#stdout,
      terminal: true,
      prompt,
      history: [...history],
      historySize: history.length + 1,
      tabSize: 2,
      ...(complete === undefined ? {} : { completer: (line: string) => [complete(line), line] }),
    });
    try {
      return await this.#edit(editor, initial);
    } finally {
      this.#isReading = false;
      this.#onClosed = () => {};
      editor.close();
    }
  }

  /** The line that is read ends, and no other begins. */
  end(): void {
    this.#onEnd();
  }

  #edit(editor: Interface, initial: string): Promise<Line> {
    return new Promise<Line>((resolve) => {
      editor.once("line", (text) => resolve({ kind: "line", text: text.replaceAll(lineBreakMark, "\n") }));
      editor.once("SIGINT", () => {
        this.#stdout.write("\n");
        resolve({ kind: "interrupt", wasEmpty: editor.line === "" });
      });
      editor.once("close", () => resolve({ kind: "end" }));
      editor.on("SIGTSTP", () => this.#suspend(() => editor.prompt(true)));
      this.#onClosed = () => resolve({ kind: "end" });
      editor.prompt();
      if (initial !== "") editor.write(initial.replaceAll(/\r?\n/g, lineBreakMark));
      this.#isReading = true;
      const typed = this.#typedAhead;
      this.#typedAhead = "";
      this.#feed(typed);
    });
  }

  /** Hands keys to the line editor, up to the one that ends the line. */
  #feed(text: string): void {
    if (text === "") return;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: return, line feed and Ctrl-C end a line.
    const end = /[\r\n\u0003]/.exec(text);
    const now = end === null ? text : text.slice(0, end.index + 1);
    if (end !== null) this.#isReading = false;
    this.#keep(text.slice(now.length));
    this.#keys.write(now);
  }

  #keep(text: string): void {
    this.#typedAhead = (this.#typedAhead + text).slice(0, mostTypedAhead);
  }

  readonly #onData = (chunk: string): void => {
    for (const { kind, text } of this.#filter.push(chunk)) {
      if (this.#isReading) this.#feed(text);
      else if (kind === "typed" && text.includes("\u0003")) {
        this.#typedAhead = "";
        this.#onInterrupt();
      } else this.#keep(text);
    }
  };

  readonly #onEnd = (): void => {
    this.#isClosed = true;
    this.#onClosed();
    this.#onInterrupt();
  };

  /** Ctrl-Z: the shell gets its terminal back until it wakes the program. */
  #suspend(onWake: () => void): void {
    this.#stdout.write(pasteModeOff);
    this.#stdin.setRawMode(false);
    process.once("SIGCONT", () => {
      this.#stdin.setRawMode(true);
      this.#stdout.write(pasteModeOn);
      onWake();
    });
    process.kill(process.pid, "SIGTSTP");
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#stdin.off("data", this.#onData);
    this.#stdin.off("end", this.#onEnd);
    this.#stdin.off("error", this.#onEnd);
    if (this.#stdin.isTTY) this.#stdin.setRawMode(false);
    this.#stdin.pause();
    this.#stdout.write(pasteModeOff);
  }
}
