import {
  type Command,
  generalOptions,
  parseName,
  parseStrictly,
  UsageError,
} from "@agentwerk/use-cases-shared";
import { countLetters } from "../hello-world.ts";

/** What the command line asks for. */
export interface Options {
  readonly text: string;
  /** Goes before the environment's. */
  readonly model: string | undefined;
  readonly json: boolean;
}

const defaultText = "Hello, world!";
const longestText = 2_000;

export const usage: string = `Usage: hello-world ["<text>"] [options]

Asks an agent which letter stands most often in a text, and checks its answer.
The text is "${defaultText}" unless given.

  --model <name>  another model than the environment's
  --json          print one JSON object and nothing else
  --help          show this text

With OPENAI_API_KEY or OPENAI_BASE_URL in the environment the agent uses that
model (OPENAI_MODEL names it), without them a simulated one.

Exit code: 0 right, 1 wrong or no answer, 2 wrong option, 130 interrupted,
143 terminated.
`;

/** @throws UsageError */
export function parseOptions(argv: readonly string[]): Command<Options> {
  const { values, positionals } = parseStrictly(argv, {
    allowPositionals: true,
    options: {
      model: { type: "string" },
      ...generalOptions,
    },
  });
  if (values.help === true) return { kind: "help" };
  return {
    kind: "run",
    options: {
      text: toText(positionals),
      model: parseName(values.model, { option: "--model", of: "model" }),
      json: values.json === true,
    },
  };
}

function toText(words: readonly string[]): string {
  if (words.length === 0) return defaultText;
  const text = words.join(" ");
  if (text.length > longestText)
    throw new UsageError(`The text has ${text.length} characters; give at most ${longestText}.`);
  if (countLetters(text).size > 0) return text;
  throw new UsageError(`The text has no letters; give one such as "${defaultText}"`);
}
