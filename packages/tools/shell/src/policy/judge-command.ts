import type { SimpleCommand } from "../syntax/compiled-command.ts";
import type { ShellWord } from "../syntax/shell-word.ts";
import { bareName, isInterpreter, stateBuiltins, wrappers } from "./command-kinds.ts";
import { type CommandPattern, containsPattern, matchesPattern, type PatternWord } from "./command-pattern.ts";
import type { CommandPolicy } from "./command-policy.ts";
import { commandAliases, deniedFlags } from "./denied-flags.ts";
import { breaksRule, type FlagRule, findFirstOperands, mayBeFlag } from "./flag-rules.ts";
import { inspectInput, inspectOperands } from "./inspect-command.ts";

/** Why a simple command may not run, as a sentence for the model; undefined when it may. */
export function judgeCommand(command: SimpleCommand, policy: CommandPolicy): string | undefined {
  const [first] = command.words;
  if (first?.value === undefined) return "The name of a command has to be plain text, without expansions.";
  const shown = JSON.stringify(command.words.map(({ value }) => value ?? "…").join(" "));
  if (stateBuiltins.has(first.value))
    return `${first.value} is never allowed here: it changes what later words mean.`;
  const denied = policy.deny.find((pattern) => isDenied(pattern, command));
  if (denied !== undefined) return `${shown} is denied by the pattern "${denied.text}".`;

  const matching = policy.allow.filter((pattern) => matchesPattern(pattern, command));
  if (matching.length === 0) return `${shown} fits no allowed pattern.`;
  let problem: string | undefined;
  for (const pattern of matching) {
    problem = findProblem(command.words, pattern, policy);
    if (problem === undefined) return undefined;
  }
  return `${shown} is not allowed: ${problem}.`;
}

/** Also inside a wrapper: `timeout 5 git push` is a `git push`. */
function isDenied(pattern: CommandPattern, command: SimpleCommand): boolean {
  return commandStarts(command.words).some((start) =>
    containsPattern(pattern, { assignments: command.assignments, words: command.words.slice(start) }),
  );
}

/** Where commands may begin: at the front, and behind a wrapper anywhere. */
function commandStarts(words: readonly ShellWord[]): readonly number[] {
  const name = bareName(words[0]?.value ?? "");
  const nests =
    wrappers.has(name) ||
    words.some(({ value }) => /^-{1,2}(?:exec|execdir|ok|okdir|x|X|exec-batch)$/.test(value ?? ""));
  return nests ? words.map((_word, index) => index) : [0];
}

function findProblem(
  words: readonly ShellWord[],
  pattern: CommandPattern,
  policy: CommandPolicy,
): string | undefined {
  for (const start of commandStarts(words)) {
    const name = usualName(words[start]?.value ?? "");
    const tail = words.slice(start);
    // xargs and find -exec put words behind the command that nobody has seen.
    const addsWords = start > 0 && usualName(words[0]?.value ?? "") === "xargs";
    const named = pattern.words.slice(start);
    const problem =
      findBrokenRule({ name, words: tail, named, addsWords }, policy) ??
      inspectInput(name, tail) ??
      (isNamedWhole(pattern) ? undefined : inspectOperands(name, tail));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The user wrote the command out word by word, and has seen what is in it. */
function isNamedWhole({ open, words }: CommandPattern): boolean {
  return !open && words.every((word) => !word.hasStar);
}

interface RuledCommand {
  readonly name: string;
  readonly words: readonly ShellWord[];
  /** The words of the pattern that stand for these words. */
  readonly named: readonly PatternWord[];
  readonly addsWords: boolean;
}

function findBrokenRule(command: RuledCommand, { denyFlags }: CommandPolicy): string | undefined {
  const { name, words, named, addsWords } = command;
  const own = [...rulesFor(command, (key) => denyFlags.get(key)), ...(denyFlags.get("*") ?? [])];
  const usual = rulesFor(command, (key) => (Object.hasOwn(deniedFlags, key) ? deniedFlags[key] : undefined));
  if (own.length + usual.length === 0) return undefined;
  if (addsWords) return `xargs would give ${name} words that cannot be known`;
  const hidden = words.slice(1).find(mayBeFlag);
  if (hidden !== undefined) {
    return `an expansion or a file pattern could become a flag of ${name}; begin the word with plain text, such as ./`;
  }
  const firstOperands = findFirstOperands(words);
  for (const [index, { value, prefix }] of words.entries()) {
    if (index === 0) continue;
    const text = value ?? prefix;
    const broken = (rule: FlagRule, part: string): boolean =>
      breaksRule(rule, { text: part, index, firstOperands });
    const rule =
      own.find((one) => broken(one, text)) ??
      usual.find((one) => broken(one, text) && !isNamed(named[index], (part) => broken(one, part)));
    if (rule !== undefined) return `${text} can run other programs or write files, and no pattern names it`;
  }
  return undefined;
}

/** A pattern names a flag by writing it out up to its first star. */
function isNamed(word: PatternWord | undefined, broken: (part: string) => boolean): boolean {
  return word !== undefined && (!word.hasStar || broken(word.literal));
}

function rulesFor(
  { name, words }: RuledCommand,
  rules: (key: string) => readonly FlagRule[] | undefined,
): readonly FlagRule[] {
  // The user may have meant python3 or python, and the table knows only one of them.
  const names = [...new Set([name, bareName(words[0]?.value ?? name)])];
  const operands = [...new Set(words.slice(1).flatMap(({ value }) => value ?? []))];
  const keys = names.flatMap((one) => [one, ...operands.map((operand) => `${one} ${operand}`)]);
  return keys.flatMap((key) => rules(key) ?? []);
}

function usualName(command: string): string {
  const name = bareName(command);
  if (Object.hasOwn(commandAliases, name)) return commandAliases[name] ?? name;
  const unversioned = name.replace(/-?[\d.]+$/, "");
  return unversioned !== name && isInterpreter(name) ? usualName(unversioned) : name;
}
