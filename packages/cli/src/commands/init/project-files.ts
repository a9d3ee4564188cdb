import type { Ability, Answers } from "./answers.ts";

export const ignoredLine = ".agentwerk/";

const toolLines: Readonly<Record<Ability, readonly string[]>> = {
  read: ["read_file", "list_directory", "glob", "grep"],
  write: ["write_file", "edit_file"],
  shell: ["bash(git status *, git diff *, git log *)"],
  web: ["web_fetch"],
  knowledge: [],
};

const toolPackages: Readonly<Record<Ability, string>> = {
  read: "@agentwerk/tools-files",
  write: "@agentwerk/tools-files",
  shell: "@agentwerk/tools-shell",
  web: "@agentwerk/tools-web",
  knowledge: "@agentwerk/knowledge-markdown",
};

export function configFile({ model, abilities }: Answers): string {
  const knowledge = abilities.includes("knowledge")
    ? '  // What agents learned: markdown pages that outlive their tickets.\n  knowledge: "./knowledge",\n'
    : "";
  return `import { defineConfig } from "agentwerk";

export default defineConfig({
  // For agents that name none. "env" takes what the environment describes: ANTHROPIC_API_KEY, OPENAI_API_KEY, …
  model: ${JSON.stringify(model)},
  // A run ends in order when it reaches a limit.
  policy: { maxTime: "1h", maxInputTokens: 2_000_000 },
${knowledge}  // The files of agents/ are agents, too; here is the place for those that need code.
  agents: [],
});
`;
}

export function agentFile({ abilities }: Answers): string {
  const tools = abilities.flatMap((ability) => toolLines[ability]).map((line) => `  - ${line}\n`);
  return `---
name: assistant
description: Answers questions about this project
${tools.length === 0 ? "tools: []\n" : `tools:\n${tools.join("")}`}---

You are a careful, competent assistant who knows software projects. Look before you answer, name the files that your
answer rests on, and say so when you do not know.
`;
}

/** What the configuration imports, or names. */
export function neededPackages({ modelPackage, abilities }: Answers): readonly string[] {
  const names = ["agentwerk", ...(modelPackage === undefined ? [] : [modelPackage])];
  return [...new Set([...names, ...abilities.map((ability) => toolPackages[ability])])];
}
