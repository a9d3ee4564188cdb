import type { Conversation, Reply } from "@agentwerk/llm-simulator";
import { simulatedPlanner } from "./simulated-planner.ts";
import { simulatedResearcher } from "./simulated-researcher.ts";
import { simulatedWriter } from "./simulated-writer.ts";

/**
 * Answers as a model would, by rules: it knows nothing but the conversation, and tells from the result that it is asked for
 * what it has to do. It makes a mistake of each kind once, so that the recovery can be seen.
 */
export function simulatedModel(conversation: Conversation): Reply {
  const wanted = resultFields(conversation);
  if (wanted.has("angles")) return simulatedPlanner(conversation);
  if (wanted.has("findings")) return simulatedResearcher(conversation);
  if (wanted.has("sections")) return simulatedWriter(conversation);
  return "I am asked for a result that I do not know how to write.";
}

function resultFields({ tools }: Conversation): ReadonlySet<string> {
  const schema = tools.find(({ name }) => name === "write_result")?.inputSchema;
  if (typeof schema !== "object" || schema === null || !("properties" in schema)) return new Set();
  const { properties } = schema;
  return new Set(typeof properties === "object" && properties !== null ? Object.keys(properties) : []);
}
