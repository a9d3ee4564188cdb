import { type ExitCode, signalCodes } from "./exit-codes.ts";

/** A second signal within this time is the same Ctrl-C: a terminal sends it to the whole process group, and npm again. */
const sameInterruptMs = 300;

/**
 * Signals of a person or a supervisor: the first asks to end in order, the second to end at once, the third is not asked. A
 * terminal that is closed asks to end at once.
 */
export interface Interrupts extends Disposable {
  /** Aborts at the first. */
  readonly asked: AbortSignal;
  /** Aborts at the second. */
  readonly now: AbortSignal;
  /** 129, 130 or 143 once a signal came. */
  readonly exitCode: ExitCode | undefined;
  /** A Ctrl-C that was read as a key, where a prompt holds the terminal. */
  press(): void;
}

export function listenForInterrupts(): Interrupts {
  const asked = new AbortController();
  const now = new AbortController();
  let exitCode: ExitCode | undefined;
  let lastAt = Number.NEGATIVE_INFINITY;
  const onSignal = (name: keyof typeof signalCodes): void => {
    const at = performance.now();
    if (at - lastAt <= sameInterruptMs) return;
    lastAt = at;
    exitCode ??= signalCodes[name];
    if (now.signal.aborted) process.exit(exitCode);
    if (asked.signal.aborted || name === "SIGHUP") now.abort();
    asked.abort();
  };
  // Without a terminal nobody hung up: nohup and services mean something else by it.
  const names = (["SIGHUP", "SIGINT", "SIGTERM"] as const).filter(
    (name) => name !== "SIGHUP" || hasTerminal(),
  );
  for (const name of names) process.on(name, onSignal);
  return {
    asked: asked.signal,
    now: now.signal,
    get exitCode() {
      return exitCode;
    },
    press: () => onSignal("SIGINT"),
    [Symbol.dispose]() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}

function hasTerminal(): boolean {
  return process.stdin.isTTY === true || process.stdout.isTTY === true || process.stderr.isTTY === true;
}
