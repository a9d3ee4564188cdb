import { readPrompts } from "@agentwerk/use-cases-shared";

/** Every text that a model reads here, beside the descriptions of fields; `{name}` places are filled when a ticket is worked. */
export const prompts: Readonly<Record<"role" | "task" | "calculate", string>> = readPrompts(
  new URL("../prompts/", import.meta.url),
  ["role", "task", "calculate"],
);
