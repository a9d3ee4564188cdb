import { existsSync } from "node:fs";

/** Why a command did not start, with the next step; the error of the system is the cause. */
export function describeSpawnError(
  error: NodeJS.ErrnoException,
  { command, cwd }: { readonly command: string; readonly cwd: string },
): Error {
  const message = describe(error.code, { command, cwd });
  return message === undefined ? error : new Error(message, { cause: error });
}

function describe(
  code: string | undefined,
  { command, cwd }: { readonly command: string; readonly cwd: string },
): string | undefined {
  // The system says the same of a command and of a working directory that is not there.
  if (code === "ENOENT" && !existsSync(cwd)) return `its working directory ${cwd} is not there; mend cwd`;
  if (code === "ENOENT") return `there is no command ${command}; install it, or give its whole path`;
  if (code === "EACCES") return `the command ${command} may not be run; make it executable`;
  return undefined;
}
