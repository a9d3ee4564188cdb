export { bash } from "./bash.ts";
export type { BashOptions } from "./bash-options.ts";
export { checkCommand, type Verdict } from "./check-command.ts";
export { type CommandPolicy, type CommandPolicyOptions, parsePolicy } from "./policy/command-policy.ts";
export type { SandboxOptions } from "./sandbox/sandbox-options.ts";
export type { RedirectedFile } from "./syntax/compiled-command.ts";
