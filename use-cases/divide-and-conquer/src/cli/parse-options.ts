import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface Options {
  readonly n: number;
  readonly partitions: number;
  readonly concurrency: number;
  readonly maxSteps: number | undefined;
  readonly dir: string | undefined;
  readonly verbose: boolean;
  readonly json: boolean;
}

export type Command = { readonly kind: "help" } | { readonly kind: "solve"; readonly options: Options };

/** A wrong option; the message is one line and names the next step. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** The sums stay below 40 digits, and every bound is a number that JSON carries exactly. */
const largestN = 1_000_000_000_000;
const mostPartitions = 10_000;
const mostWorkers = 1_000;
const defaults = { n: 1_000_000, partitions: 12, concurrency: 4 };

export const usage: string = `Usage: divide-and-conquer [options]

Splits 1² + 2² + … + N² over several agents and checks their answer against the
closed form.

  --n <number>            the last number, up to 10^12 (default ${defaults.n})
  --partitions <number>   tickets to split the sum into (default ${defaults.partitions})
  --concurrency <number>  agents that work at once (default ${defaults.concurrency})
  --max-steps <number>    stop after so many tickets were picked up
  --dir <folder>          keep the queue there; the same command goes on with it
  --verbose               show every request and tool call
  --json                  print one JSON object and nothing else
  --help                  show this text

With OPENAI_API_KEY or OPENAI_BASE_URL in the environment the agents use that
model (OPENAI_MODEL names it), without them a simulated one.

Exit code: 0 verified, 1 wrong or unfinished, 2 wrong option, 130 interrupted.
`;

/** @throws UsageError */
export function parseOptions(argv: readonly string[]): Command {
  const values = parseStrictly(argv);
  if (values.help === true) return { kind: "help" };
  const n = toCount("--n", values.n, largestN) ?? defaults.n;
  const partitions =
    toCount("--partitions", values.partitions, Math.min(n, mostPartitions)) ??
    Math.min(n, defaults.partitions);
  if (values.dir?.trim() === "") throw new UsageError("--dir is empty; name a folder.");
  return {
    kind: "solve",
    options: {
      n,
      partitions,
      concurrency: toCount("--concurrency", values.concurrency, mostWorkers) ?? defaults.concurrency,
      maxSteps: toCount("--max-steps", values["max-steps"], Number.MAX_SAFE_INTEGER),
      dir: values.dir,
      verbose: values.verbose === true,
      json: values.json === true,
    },
  };
}

function parseStrictly(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        n: { type: "string" },
        partitions: { type: "string" },
        concurrency: { type: "string" },
        "max-steps": { type: "string" },
        dir: { type: "string" },
        verbose: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (cause) {
    // Node's own text goes on with advice about positional arguments, which there are none of here.
    const [problem = ""] = (cause instanceof Error ? cause.message : String(cause)).split(/\. |\n/);
    throw new UsageError(`${problem.replace(/\.$/, "")}; see --help.`, { cause });
  }
}

function toCount(option: string, text: string | undefined, largest: number): number | undefined {
  if (text === undefined) return undefined;
  const digits = text.trim().replaceAll("_", "");
  const count = /^\d{1,16}$/.test(digits) ? Number(digits) : 0;
  if (count >= 1 && count <= largest) return count;
  throw new UsageError(`${option} is ${JSON.stringify(text)}; give a whole number from 1 to ${largest}.`);
}
