import {
  type Command,
  generalOptions,
  parseCount,
  parseName,
  parseStrictly,
} from "@agentwerk/use-cases-shared";

/** What the command line asks for. */
export interface Options {
  readonly n: number;
  readonly partitions: number;
  readonly concurrency: number;
  readonly maxSteps: number | undefined;
  /** Goes before the environment's. */
  readonly model: string | undefined;
  readonly dir: string | undefined;
  readonly verbose: boolean;
  readonly json: boolean;
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
  --model <name>          another model than the environment's
  --dir <folder>          keep the queue there; the same command goes on with it
  --verbose               show every request and tool call
  --json                  print one JSON object and nothing else
  --help                  show this text

With OPENAI_API_KEY or OPENAI_BASE_URL in the environment the agents use that
model (OPENAI_MODEL names it), without them a simulated one.

Exit code: 0 verified, 1 wrong or unfinished, 2 wrong option, 130 interrupted,
143 terminated.
`;

/** @throws UsageError */
export function parseOptions(argv: readonly string[]): Command<Options> {
  const { values } = parseStrictly(argv, {
    options: {
      n: { type: "string" },
      partitions: { type: "string" },
      concurrency: { type: "string" },
      "max-steps": { type: "string" },
      model: { type: "string" },
      dir: { type: "string" },
      verbose: { type: "boolean" },
      ...generalOptions,
    },
  });
  if (values.help === true) return { kind: "help" };
  const n = parseCount(values.n, { option: "--n", largest: largestN }) ?? defaults.n;
  const partitions =
    parseCount(values.partitions, { option: "--partitions", largest: Math.min(n, mostPartitions) }) ??
    Math.min(n, defaults.partitions);
  return {
    kind: "run",
    options: {
      n,
      partitions,
      concurrency:
        parseCount(values.concurrency, { option: "--concurrency", largest: mostWorkers }) ??
        defaults.concurrency,
      maxSteps: parseCount(values["max-steps"], { option: "--max-steps", largest: Number.MAX_SAFE_INTEGER }),
      model: parseName(values.model, { option: "--model", of: "model" }),
      dir: parseName(values.dir, { option: "--dir", of: "folder" }),
      verbose: values.verbose === true,
      json: values.json === true,
    },
  };
}
