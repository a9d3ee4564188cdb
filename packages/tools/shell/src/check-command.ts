import { bareName } from "./policy/command-kinds.ts";
import type { PatternWord } from "./policy/command-pattern.ts";
import type { CommandPolicy } from "./policy/command-policy.ts";
import { judgeCommand } from "./policy/judge-command.ts";
import { compileCommand } from "./syntax/compile-command.ts";
import type { CompiledCommand, RedirectedFile } from "./syntax/compiled-command.ts";
import { Refusal } from "./syntax/refusal.ts";

export type Verdict =
  | {
      readonly allowed: true;
      /** What bash runs in place of the command as it was written. */
      readonly script: string;
      /** Files that redirections open, relative to the working directory. */
      readonly files: readonly RedirectedFile[];
    }
  | { readonly allowed: false; readonly reason: string };

/** Decides whether a command line may run: only if every part of it may. Runs nothing, never throws. */
export function checkCommand(command: string, policy: CommandPolicy): Verdict {
  try {
    const compiled = compileCommand(command);
    const reason = findProblem(compiled, policy);
    if (reason !== undefined) return { allowed: false, reason };
    return { allowed: true, script: compiled.script, files: compiled.files };
  } catch (error) {
    if (error instanceof Refusal) return { allowed: false, reason: error.message };
    return { allowed: false, reason: "The command cannot be parsed." };
  }
}

function findProblem(
  { commands, files, functions }: CompiledCommand,
  policy: CommandPolicy,
): string | undefined {
  const allowedNames = new Set(policy.allow.map(({ words }) => bareName(words[0]?.literal ?? "")));
  const shadow = functions.find((name) => allowedNames.has(name));
  if (shadow !== undefined) return `The function ${shadow} would take the place of the command ${shadow}.`;
  for (const command of commands) {
    const problem = judgeCommand(command, policy);
    if (problem !== undefined) return problem;
  }
  if (commands.some(({ words }) => /^(?:cd|pushd|popd)$/.test(words[0]?.value ?? ""))) {
    const relative = commands.find(({ words }) => /^[^/]+\//.test(words[0]?.value ?? ""))?.words[0]?.value;
    if (relative !== undefined) return `After a change of directory ${relative} could be another program.`;
    if (files.length > 0) return `After a change of directory ${files[0]?.path} could be another file.`;
  }
  return files.map((file) => judgeFile(file, policy.redirect)).find((problem) => problem !== undefined);
}

function judgeFile({ path }: RedirectedFile, patterns: readonly PatternWord[]): string | undefined {
  if (path.startsWith("/") || path.split("/").includes("..")) {
    return `A redirection to ${path} leaves the working directory.`;
  }
  const plain = path.replace(/^(?:\.\/+)+/, "");
  if (patterns.some(({ expression }) => expression.test(plain))) return undefined;
  return `A redirection to the file ${path} is not allowed; only /dev/null is${patterns.length > 0 ? `, and ${patterns.map(({ text }) => text).join(", ")}` : ""}.`;
}
