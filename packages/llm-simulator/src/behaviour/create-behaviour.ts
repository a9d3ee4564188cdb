import { lastToolResults, lastUserText } from "../conversation.ts";
import { SimulatorError } from "../simulator-error.ts";
import type { Behaviour, BehaviourOptions, ReplyFunction } from "./behaviour.ts";
import { createScript } from "./script.ts";

/** Says what the user said, or what the tools answered. */
export const echo: ReplyFunction = (conversation) => {
  const results = lastToolResults(conversation);
  return results.length > 0 ? results.map(({ text }) => text).join("\n") : lastUserText(conversation);
};

export function createBehaviour(options: BehaviourOptions): Behaviour {
  const { script, respond = echo, repeatScript = false } = options;
  if (script === undefined) return { answer: respond, leftOver: () => [] };
  if (options.respond !== undefined) {
    throw new SimulatorError("invalid_options", "Both script and respond are given; give one of them.");
  }
  return createScript(script, repeatScript);
}
