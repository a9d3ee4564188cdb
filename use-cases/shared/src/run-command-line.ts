import { AgentwerkError, toErrorMessage } from "@agentwerk/core";
import { sanitizeLine } from "agentwerk/terminal";
import { endWithoutReader } from "./end-without-reader.ts";
import { quietSqliteWarning } from "./quiet-sqlite-warning.ts";
import { UsageError } from "./usage-error.ts";

/** What a command line asks for. */
export type Command<Options> =
  | { readonly kind: "help" }
  | { readonly kind: "run"; readonly options: Options };

export interface CommandLine<Options> {
  readonly program: string;
  readonly usage: string;
  /** @throws UsageError */
  readonly parse: () => Command<Options>;
  /** Resolves with the exit code. */
  readonly run: (options: Options) => Promise<number>;
  /** Of an AgentwerkError. Default 1. */
  readonly failureCode?: number;
}

/** Runs a command line; resolves with its exit code, 2 for a wrong option. What failed is told in one line. */
export async function runCommandLine<Options>(line: CommandLine<Options>): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) endWithoutReader(stream, line.program);
  quietSqliteWarning();
  try {
    const command = line.parse();
    if (command.kind === "run") return await line.run(command.options);
    process.stdout.write(line.usage);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      // Without its cause: what Node says about an option or a folder adds nothing.
      complain(line.program, error.message);
      return 2;
    }
    if (!AgentwerkError.isInstance(error)) throw error;
    complain(line.program, toErrorMessage(error));
    return line.failureCode ?? 1;
  }
}

/** Tells a problem in one line on standard error. */
export function complain(program: string, message: string): void {
  process.stderr.write(`${program}: ${sanitizeLine(message)}\n`);
}
