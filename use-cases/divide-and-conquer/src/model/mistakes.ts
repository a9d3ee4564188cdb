import { spreadEvenly } from "@agentwerk/use-cases-shared";
import type { Work } from "./read-conversation.ts";

/** What the simulated model does wrong on purpose, so that the recovery can be seen. */
export type Mistake = "malformed_arguments" | "rate_limit" | "grouped_digits" | "numbers_as_text";

/** `grouped_digits` breaks the schema and is corrected; `numbers_as_text` is harmless and repaired. */
const mistakes: readonly Mistake[] = [
  "malformed_arguments",
  "rate_limit",
  "grouped_digits",
  "numbers_as_text",
];

/** The mistakes of a part: each is made in one part, spread evenly over all of them. */
export function mistakesOf({ part, parts }: Pick<Work, "part" | "parts">): ReadonlySet<Mistake> {
  return spreadEvenly(mistakes, { number: part, total: parts });
}
