import type { BashOptions } from "./bash-options.ts";
import type { CommandPolicyOptions } from "./policy/command-policy.ts";
import type { SandboxLimits } from "./sandbox/sandbox-options.ts";

const purpose =
  "Runs a bash command in the working directory and returns its output, standard output and standard error together, with the exit code when it is not 0. Standard input is empty; each call starts a fresh shell. Not for reading, searching or editing files where a tool for that exists, and not for programs that wait for input or run on in the background: what is left of a command is ended with it.";

const rules =
  "Each command in a pipeline, list, loop or substitution has to be allowed by itself. Write command names and flags as plain text: eval, variables as commands, [[ ]], $(( )) on names, brace expansion and redirections to files are refused, as are flags that run other programs. A refusal says why; do not try to get around it.";

/** For the model: what the tool does, when not to use it, what comes back, and what it allows. */
export function describeBash(options: BashOptions, sandbox: SandboxLimits | undefined): string {
  const policy = options.unrestricted ? [] : describePolicy(options);
  return [purpose, ...policy, ...(sandbox === undefined ? [] : [describeSandbox(sandbox)])].join("\n");
}

function describePolicy({ allow = [], deny = [], redirect = [] }: CommandPolicyOptions): readonly string[] {
  return [
    rules,
    allow.length === 0
      ? "No command is allowed."
      : `Allowed (* at the end: any arguments; inside a word: any text): ${list(allow)}.`,
    ...(deny.length === 0 ? [] : [`Never: ${list(deny)}.`]),
    ...(redirect.length === 0 ? [] : [`Redirections may open: ${list(redirect)}.`]),
  ];
}

function describeSandbox({ write, network }: SandboxLimits): string {
  const places = ["the working directory", ...(write.length === 0 ? [] : [list(write)])].join(", ");
  return `Commands run in a sandbox: only ${places} and /tmp, which is empty at each call, can be written${network ? "" : "; there is no network"}.`;
}

function list(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(", ");
}
