import { spawn } from "@lydell/node-pty";
import { Terminal } from "@xterm/headless";
import { mainFile, sourceFlags } from "./cli-bench.ts";

export const keys = { enter: "\r", down: "\u001b[B", space: " ", ctrlC: "\u0003" } as const;

export interface TerminalSession extends Disposable {
  /** What a person sees: the rows of the screen, without blank ones at the end. */
  screen(): string;
  /** The screen and what scrolled off it. */
  history(): string;
  /** Resolves once the screen shows a text or fits a pattern; rejects when the program ends without it. */
  shows(wanted: string | RegExp): Promise<void>;
  press(...input: readonly string[]): void;
  resize(columns: number, rows: number): void;
  /** What a terminal sends to its programs when it is closed. */
  hangUp(): void;
  readonly ended: Promise<number>;
  readonly isCursorHidden: () => boolean;
}

/** Long for a busy machine; only a test that fails waits for it. */
const patienceMs = 30_000;

/** The command line in a pseudoterminal, with an emulator behind it: what is tested is the screen. */
export function openSession(
  argv: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly columns?: number;
    readonly rows?: number;
  },
): TerminalSession {
  const { cwd, env, columns: cols = 100, rows = 30 } = options;
  const screen = new Terminal({ cols, rows, allowProposedApi: true, scrollback: 1_000 });
  const child = spawn(process.execPath, [...sourceFlags, mainFile, ...argv], {
    name: "xterm-256color",
    cols,
    rows,
    cwd,
    env: { ...env, TERM: "xterm-256color" },
  });
  let isCursorHidden = false;
  const waiting = new Set<() => void>();
  child.onData((data) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences that hide and show the cursor.
    for (const [, mode] of data.matchAll(/\u001b\[\?25([hl])/g)) isCursorHidden = mode === "l";
    screen.write(data, () => {
      for (const look of waiting) look();
    });
  });
  const ended = new Promise<number>((resolve) => {
    child.onExit(({ exitCode }) => screen.write("", () => resolve(exitCode)));
  });
  const read = (from: number): string => {
    const { active } = screen.buffer;
    const lines = Array.from(
      { length: active.length - from },
      (_, index) => active.getLine(from + index)?.translateToString(true) ?? "",
    );
    return lines.join("\n").trimEnd();
  };
  const session: TerminalSession = {
    screen: () => read(screen.buffer.active.baseY),
    history: () => read(0),
    shows: (wanted) =>
      new Promise((resolve, reject) => {
        const isThere = (): boolean => {
          const text = session.history();
          return typeof wanted === "string" ? text.includes(wanted) : wanted.test(text);
        };
        const look = (): void => {
          if (!isThere()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        const fail = (how: string): void => {
          waiting.delete(look);
          reject(new Error(`${how} ${String(wanted)}:\n${session.history()}`));
        };
        void ended.then(() => fail("It ended without"));
        setTimeout(() => fail("It does not show"), patienceMs).unref();
      }),
    press: (...input) => {
      for (const key of input) child.write(key);
    },
    resize(columns, height) {
      screen.resize(columns, height);
      child.resize(columns, height);
    },
    hangUp: () => child.kill("SIGHUP"),
    ended,
    isCursorHidden: () => isCursorHidden,
    [Symbol.dispose]() {
      child.kill("SIGKILL");
      screen.dispose();
    },
  };
  return session;
}
