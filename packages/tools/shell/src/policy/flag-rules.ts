import type { ShellWord } from "../syntax/shell-word.ts";

/**
 * A rule on the words behind a command, as text:
 * `--name` a long option, also shortened or with a value; `-x` a letter among short options; `-name` that word with one
 * or two dashes; `^…` the same, only before the first operand; `@name` what may be the first operand; `=name` any operand;
 * `/…/` a regular expression on any word.
 */
export type FlagRule = string;

/** Whether a word of a command breaks a rule. `text` is the word, or the part of it that a pattern names. */
export function breaksRule(rule: FlagRule, word: RuledWord): boolean {
  const { text, index, firstOperands } = word;
  if (rule.startsWith("^")) {
    const leads = firstOperands[0] === undefined || index < firstOperands[0];
    return leads && breaksRule(rule.slice(1), word);
  }
  if (rule.startsWith("@")) return firstOperands.includes(index) && text === rule.slice(1);
  if (rule.startsWith("=")) return text === rule.slice(1);
  if (rule.startsWith("/")) return new RegExp(rule.slice(1, -1), "s").test(text);
  if (rule.startsWith("--")) return isShortened(text, rule);
  if (rule.length === 2) return /^-[^-]/.test(text) && text.slice(1).includes(rule.slice(1));
  return [rule, `-${rule}`].some((flag) => text === flag || text.startsWith(`${flag}=`));
}

export interface RuledWord {
  readonly text: string;
  /** Position in the command; 0 is the command itself. */
  readonly index: number;
  /** Positions of the words that may be the first operand: behind a flag a word may be that flag's value. */
  readonly firstOperands: readonly number[];
}

/** Common flags that take no value in any command with rules for its first operand. */
const withoutValue: ReadonlySet<string> = new Set(
  "--no-pager -P --bare --literal-pathspecs --no-optional-locks --no-replace-objects --silent --quiet -q --verbose -v --yes -y --user --system --global -g".split(
    " ",
  ),
);

/** Which words of a command may be its first operand. */
export function findFirstOperands(words: readonly ShellWord[]): readonly number[] {
  const found: number[] = [];
  for (const [index, { prefix }] of words.entries()) {
    if (index === 0 || prefix.startsWith("-")) continue;
    found.push(index);
    const { value = "" } = words[index - 1] ?? {};
    if (!value.startsWith("-") || value.includes("=") || withoutValue.has(value)) break;
  }
  return found;
}

/** Whether a word that is known only at run time may turn out to be a flag. */
export function mayBeFlag({ value, prefix }: ShellWord): boolean {
  return value === undefined && (prefix === "" || /^[-+@]/.test(prefix));
}

/** Whether a word is the long option, whole or shortened as getopt allows, with or without a value. */
export function isShortened(word: string, option: string): boolean {
  // Some programs, such as node, take _ for -.
  const name = (word.split("=", 1)[0] ?? "").replaceAll("_", "-");
  return name.length > 2 && name.startsWith("--") && option.startsWith(name);
}
