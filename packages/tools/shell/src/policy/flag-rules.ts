import type { ShellWord } from "../syntax/shell-word.ts";

/**
 * A rule on the words behind a command, as text:
 * `--name` a long option, also shortened or with a value; `-x` a letter among short options; `-name` that word with one
 * or two dashes; `^…` the same, only before the first operand; `@name` the first operand; `=name` any operand;
 * `/…/` a regular expression on any word.
 */
export type FlagRule = string;

/** Whether a word of a command breaks a rule. `text` is the word, or the part of it that a pattern names. */
export function breaksRule(rule: FlagRule, { text, index, firstOperand }: RuledWord): boolean {
  if (rule.startsWith("^")) {
    const leads = firstOperand === -1 || index < firstOperand;
    return leads && breaksRule(rule.slice(1), { text, index, firstOperand });
  }
  if (rule.startsWith("@")) return index === firstOperand && text === rule.slice(1);
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
  /** Position of the first word that is no flag; -1 without any. */
  readonly firstOperand: number;
}

/** Where the first word without a dash stands behind the command at `start`. */
export function findOperand(words: readonly ShellWord[], start: number): number {
  return words.findIndex(({ prefix }, index) => index > start && !prefix.startsWith("-"));
}

/** Whether a word that is known only at run time may turn out to be a flag. */
export function mayBeFlag({ value, prefix }: ShellWord): boolean {
  return value === undefined && (prefix === "" || /^[-+@]/.test(prefix));
}

/** Whether a word is the long option, whole or shortened as getopt allows, with or without a value. */
export function isShortened(word: string, option: string): boolean {
  const name = word.split("=", 1)[0] ?? "";
  return name.length > 2 && name.startsWith("--") && option.startsWith(name);
}
