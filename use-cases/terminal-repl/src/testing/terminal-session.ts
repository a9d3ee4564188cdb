import { fileURLToPath } from "node:url";
import { programEnvironment } from "@agentwerk/use-cases-shared/testing";
import { type IPty, spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";

export interface TerminalOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
}

/** The program in a real terminal: a pty, with an emulator as the screen. */
export class TerminalSession implements Disposable {
  readonly #pty: IPty;
  readonly #screen: InstanceType<typeof xterm.Terminal>;
  readonly #waiting = new Set<() => void>();
  #raw = "";
  #exit: number | undefined;
  #failure: Error | undefined;
  /** The exit code; 128 + n when a signal ended it. */
  readonly ended: Promise<number>;

  constructor(argv: readonly string[], { cwd, env, columns = 80 }: TerminalOptions) {
    const main = fileURLToPath(new URL("../main.ts", import.meta.url));
    const size = { cols: columns, rows: 30 };
    this.#screen = new xterm.Terminal({ ...size, scrollback: 1_000, allowProposedApi: true });
    this.#pty = spawn(process.execPath, ["--conditions=@agentwerk/source", main, ...argv], {
      name: "xterm-256color",
      ...size,
      cwd,
      env: programEnvironment({ TERM: "xterm-256color", ...env }),
    });
    this.#pty.onData((data) => {
      this.#raw += data;
      this.#screen.write(data, () => this.#wake());
    });
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal = 0 }) => {
        this.#exit = signal > 0 ? 128 + signal : exitCode;
        // What was written last is drawn first.
        this.#screen.write("", () => {
          this.#wake();
          resolve(this.#exit ?? exitCode);
        });
      });
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** Everything that was written, escape sequences included. */
  get raw(): string {
    return this.#raw;
  }

  /** What a person sees and has scrolled past; lines that were wrapped are whole. */
  get text(): string {
    const { active } = this.#screen.buffer;
    let text = "";
    for (let row = 0; row < active.length; row++) {
      const line = active.getLine(row);
      if (line === undefined) continue;
      text += `${line.isWrapped || row === 0 ? "" : "\n"}${line.translateToString(true)}`;
    }
    return text.trimEnd();
  }

  /** Resolves once the screen shows it; rejects when the program ended without it. */
  async shows(wanted: string | RegExp): Promise<void> {
    await this.#until(() =>
      typeof wanted === "string" ? this.text.includes(wanted) : wanted.test(this.text),
    );
  }

  /** Resolves once the prompt waits at the end of the screen. */
  async prompts(): Promise<void> {
    await this.#until(() => /\n› ?$/.test(`\n${this.text}`));
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  resize(columns: number): void {
    this.#screen.resize(columns, 30);
    this.#pty.resize(columns, 30);
  }

  /** The terminal's window is closed. */
  hangUp(): void {
    this.#pty.kill("SIGHUP");
  }

  [Symbol.dispose](): void {
    if (this.#exit === undefined) this.#pty.kill("SIGKILL");
    this.#screen.dispose();
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.#exit !== undefined)
        throw new Error(`It ended (${this.#exit}) with this screen:\n${this.text}`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        // A screen that never shows it is told, rather than the time that ran out.
        const timer = setTimeout(() => {
          this.#failure = new Error(`Nothing new for 20 s; the screen is:\n${this.text}`);
          wake();
        }, 20_000);
        this.#waiting.add(wake);
      });
      if (this.#failure !== undefined) throw this.#failure;
    }
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}
