import {
  type Command,
  generalOptions,
  type Limits,
  limitOptions,
  parseCount,
  parseLimits,
  parseName,
  parseStrictly,
  UsageError,
} from "@agentwerk/use-cases-shared";

/** What the command line asks for. */
export interface Options extends Limits {
  readonly question: string;
  readonly angles: number;
  readonly depth: number;
  /** Where the report goes, as three files. */
  readonly output: string | undefined;
  readonly model: string | undefined;
  /** Searches the enclosed pages, whatever keys there are. */
  readonly offline: boolean;
  readonly json: boolean;
}

const defaults = { angles: 4, depth: 2, concurrency: 3 };
const longestQuestion = 2_000;

export const usage: string = `Usage: deep-research "<question>" [options]

Breaks a question into angles, has researchers look into all of them at once,
and writes a report. Every citation in it was compared with the page it names.

  --angles <number>       angles at most, up to 6 (default ${defaults.angles})
  --depth <number>        researchers that an angle may pass through (default ${defaults.depth})
  --concurrency <number>  researchers at once (default ${defaults.concurrency})
  --max-cost <dollars>    stop when so much was spent
  --max-time <duration>   stop after a time, such as 90s or 5m
  --output <folder>       write report.md, report.html and report.json there
  --model <name>          another model than the environment's
  --offline               search the enclosed pages instead of the web
  --json                  print one JSON object and nothing else
  --help                  show this text

With a provider in the environment (OPENAI_API_KEY or OPENAI_BASE_URL, and the
like of the others) it uses that one, and searches the web with BRAVE_API_KEY.
Without one, a simulated model works on the enclosed pages.

Exit code: 0 a complete report, 1 an incomplete one or none, 2 wrong option,
130 interrupted, 143 terminated.
`;

/** @throws UsageError */
export function parseOptions(argv: readonly string[]): Command<Options> {
  const { values, positionals } = parseStrictly(argv, {
    allowPositionals: true,
    options: {
      angles: { type: "string" },
      depth: { type: "string" },
      output: { type: "string" },
      model: { type: "string" },
      offline: { type: "boolean" },
      ...limitOptions,
      ...generalOptions,
    },
  });
  if (values.help === true) return { kind: "help" };
  const { offline = false, json = false } = values;
  return {
    kind: "run",
    options: {
      question: toQuestion(positionals),
      angles: parseCount(values.angles, { option: "--angles", largest: 6 }) ?? defaults.angles,
      depth: parseCount(values.depth, { option: "--depth", largest: 5 }) ?? defaults.depth,
      ...parseLimits(values, { usual: defaults.concurrency, largest: 50 }),
      output: parseName(values.output, { option: "--output", of: "folder" }),
      model: parseName(values.model, { option: "--model", of: "model" }),
      offline,
      json,
    },
  };
}

function toQuestion(words: readonly string[]): string {
  const question = words.join(" ").replaceAll(/\s+/g, " ").trim();
  if (question === "")
    throw new UsageError('The question is missing: deep-research "How does tidal power work?"');
  if (question.length <= longestQuestion) return question;
  throw new UsageError(`The question has ${question.length} characters; ask in at most ${longestQuestion}.`);
}
