import { endingSignals, signalCodes } from "./signal-codes.ts";

/**
 * Lets a signal end the program without a word, and with the code that it has later, as long as nobody else listens: while
 * modules are loaded and options are read. As the command line does it, whose package is loaded only after Node's version
 * was checked.
 */
export function endOnSignals(): void {
  for (const name of endingSignals) {
    process.on(name, () => {
      if (process.listenerCount(name) === 1) process.exit(signalCodes[name]);
    });
  }
}
