import { type ParseArgsOptionsConfig, parseArgs } from "node:util";

/** A wrong option; the message is one line and names the next step. */
export class UsageError extends Error {
  override name = "UsageError";
}

type Parsed<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; options: Options; allowPositionals: boolean }>
>;

/**
 * Node's parser for command lines, with its complaints on one line.
 * @throws UsageError
 */
export function parseStrictly<const Options extends ParseArgsOptionsConfig>(
  argv: readonly string[],
  { options, allowPositionals = false }: { readonly options: Options; readonly allowPositionals?: boolean },
): Parsed<Options> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals });
  } catch (cause) {
    // Node's own text goes on with advice about positional arguments that begin with a dash.
    const [problem = ""] = (cause instanceof Error ? cause.message : String(cause)).split(/\. |\n/);
    throw new UsageError(`${problem.replace(/\.$/, "")}; see --help.`, { cause });
  }
}
