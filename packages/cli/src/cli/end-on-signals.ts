import { signalCodes } from "./exit-codes.ts";

/**
 * Lets a signal end the program without a word, and with the code that it has later, as long as nobody else listens: while
 * modules and the configuration are loaded, and in commands that have nothing to end in order.
 */
export function endOnSignals(): void {
  // A closed terminal has nobody left to tell a code.
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (process.listenerCount(name) === 1) process.exit(signalCodes[name]);
    });
  }
}
