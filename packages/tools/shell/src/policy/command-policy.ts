import { AgentwerkError } from "@agentwerk/core";
import { type CommandPattern, type PatternWord, parseAllowPattern, parsePattern } from "./command-pattern.ts";
import type { FlagRule } from "./flag-rules.ts";

/** The user's decision on what may run, parsed. */
export interface CommandPolicy {
  readonly allow: readonly CommandPattern[];
  readonly deny: readonly CommandPattern[];
  /** The user's own rules by command; `*` is every command. No pattern lifts them. */
  readonly denyFlags: ReadonlyMap<string, readonly FlagRule[]>;
  /** Files that redirections may open, relative to the working directory. */
  readonly redirect: readonly PatternWord[];
}

export interface CommandPolicyOptions {
  /** What may run: `git log *`. Nothing else does. */
  readonly allow?: readonly string[] | undefined;
  /** What may not run although `allow` fits: its words in any order. */
  readonly deny?: readonly string[] | undefined;
  /** Flags that are refused by command, or with the key `*` for all: `{ git: ["--force", "-f"] }`. */
  readonly denyFlags?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Files in the working directory that `>` and `<` may open: `logs/*.txt`. */
  readonly redirect?: readonly string[] | undefined;
}

/**
 * Parses the user's patterns.
 * @throws AgentwerkError `invalid_input` naming the option.
 */
export function parsePolicy(options: CommandPolicyOptions): CommandPolicy {
  const { allow = [], deny = [], denyFlags = {}, redirect = [] } = options;
  return {
    allow: allow.map((text, index) => parseAllowPattern(text, `allow[${index}]`)),
    deny: deny.map((text, index) => parsePattern(text, `deny[${index}]`)),
    denyFlags: new Map(
      Object.entries(denyFlags).map(([command, flags]) => [
        command,
        flags.map((flag) => parseFlag(flag, `denyFlags[${JSON.stringify(command)}]`)),
      ]),
    ),
    redirect: redirect.map((text, index) => parsePath(text, `redirect[${index}]`)),
  };
}

function parseFlag(flag: string, field: string): FlagRule {
  if (/^--?[^\s=-][^\s=]*$/.test(flag)) return flag;
  throw new AgentwerkError({
    code: "invalid_input",
    field,
    message: `${field} holds ${JSON.stringify(flag)}; write a flag as the command takes it: "-f" or "--force".`,
  });
}

function parsePath(text: string, field: string): PatternWord {
  const [word, ...others] = [...parsePattern(text, field).words];
  if (word !== undefined && others.length === 0 && !text.startsWith("/") && !text.split("/").includes(".."))
    return word;
  throw new AgentwerkError({
    code: "invalid_input",
    field,
    message: `${field} is ${JSON.stringify(text)}; give one path inside the working directory, such as "logs/*.txt".`,
  });
}
