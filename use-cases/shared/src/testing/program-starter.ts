import { afterEach } from "vitest";
import { type Started, type StartOptions, startProgram } from "./start-program.ts";

/**
 * Starts a program in processes that are killed, if need be, when the test ends. Called at the top, behind an `afterEach` that
 * removes what the program works in: hooks run in reverse order.
 */
export function programStarter(main: URL): (argv: readonly string[], options?: StartOptions) => Started {
  const running: Started[] = [];
  afterEach(() => {
    for (const program of running.splice(0)) program[Symbol.dispose]();
  });
  return (argv, options) => {
    const program = startProgram(main, argv, options);
    running.push(program);
    return program;
  };
}
