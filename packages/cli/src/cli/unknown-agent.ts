import { didYouMean } from "../config/closest.ts";
import { UsageError } from "./usage-error.ts";

/** An agent that the configuration does not have, with those that it has. */
export function unknownAgent(name: string, known: readonly string[]): UsageError {
  const meant = didYouMean(name, known) || ` The agents are ${known.join(", ")}.`;
  return new UsageError(`There is no agent ${name}.${meant}`);
}
