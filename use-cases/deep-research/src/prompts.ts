import { readPrompts } from "@agentwerk/use-cases-shared";

const names = ["planner", "plan-task", "researcher", "research-task", "writer"] as const;

/** Every text that a model reads here; `{name}` places are filled when a ticket is worked. */
export const prompts: Readonly<Record<(typeof names)[number], string>> = readPrompts(
  new URL("../prompts/", import.meta.url),
  names,
);
