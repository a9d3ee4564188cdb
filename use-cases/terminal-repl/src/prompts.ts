import { readPrompts } from "@agentwerk/use-cases-shared";

/** Every text that a model reads here, beside what the tools say of themselves. */
export const prompts: Readonly<Record<"role" | "rejected-unattended" | "rejected-interrupt", string>> =
  readPrompts(new URL("../prompts/", import.meta.url), ["role", "rejected-unattended", "rejected-interrupt"]);
