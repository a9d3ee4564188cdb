import { type EndingSignal, endingSignals, signalCodes } from "./signal-codes.ts";

/** A second signal within this time is the same Ctrl-C: a terminal sends it to the whole process group, and npm again. */
const sameInterruptMs = 500;

/** Signals of a person or a supervisor. The first stops the work in order, a later one ends the process at once. */
export interface Interrupts extends Disposable {
  readonly signal: AbortSignal;
  /** 128 + the number of the signal that came; `undefined` while none has. */
  readonly exitCode: number | undefined;
}

export function listenForInterrupts(onFirst: () => void): Interrupts {
  const controller = new AbortController();
  let exitCode: number | undefined;
  let firstAt = 0;
  const onSignal = (name: EndingSignal): void => {
    const now = performance.now();
    if (exitCode !== undefined) {
      if (now - firstAt > sameInterruptMs) process.exit(exitCode);
      return;
    }
    firstAt = now;
    exitCode = signalCodes[name];
    onFirst();
    controller.abort();
  };
  for (const name of endingSignals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    [Symbol.dispose]() {
      for (const name of endingSignals) process.off(name, onSignal);
    },
  };
}
