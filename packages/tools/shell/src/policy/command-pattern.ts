import { AgentwerkError } from "@agentwerk/core";
import type { SimpleCommand } from "../syntax/compiled-command.ts";
import type { ShellWord } from "../syntax/shell-word.ts";
import { bareName, namesInnerCommand, stateBuiltins, wrappers } from "./command-kinds.ts";
import { isShortened } from "./flag-rules.ts";

/** One word of a pattern. */
export interface PatternWord {
  /** As the user wrote it. */
  readonly text: string;
  /** What stands before the first star; the whole word when it has none. */
  readonly literal: string;
  readonly hasStar: boolean;
  readonly expression: RegExp;
}

/** A parsed `allow` or `deny` pattern: `git log *`. */
export interface CommandPattern {
  readonly text: string;
  readonly assignments: readonly PatternWord[];
  readonly words: readonly PatternWord[];
  /** The last word was `*`: any number of further words, of any kind. */
  readonly open: boolean;
}

/** No star stands for a segment that leads upwards, also not behind the sign of `--file=`. */
const notUpwards = String.raw`(?!(?<=^|[/=:,@])\.\.(?:/|$))`;

const assignment = /^[A-Za-z_][A-Za-z0-9_]*=/;

/**
 * Parses a pattern. Words are separated by blanks; quotes and backslash make blanks and stars literal. `*` as the last
 * word stands for any arguments, `*` inside a word for any characters but `/`, `**` for any; neither for a `..` segment.
 * @throws AgentwerkError `invalid_input` naming `field`.
 */
export function parsePattern(text: string, field: string): CommandPattern {
  const all = splitWords(text, field);
  const last = all.at(-1);
  const open = all.length > 1 && last?.text === "*";
  const firstWord = all.findIndex((word) => !assignment.test(word.literal));
  const split = firstWord === -1 ? all.length : firstWord;
  const pattern: CommandPattern = {
    text,
    assignments: all.slice(0, split),
    words: all.slice(split, open ? -1 : undefined),
    open,
  };
  const [command] = pattern.words;
  if (command === undefined || command.literal === "") {
    throw invalid(
      field,
      `${JSON.stringify(text)} names no command; to allow everything set unrestricted: true.`,
    );
  }
  return pattern;
}

/**
 * Parses a pattern that allows; it may not name what would allow everything without saying so.
 * @throws AgentwerkError `invalid_input` naming `field`.
 */
export function parseAllowPattern(text: string, field: string): CommandPattern {
  const pattern = parsePattern(text, field);
  const name = bareName(pattern.words[0]?.literal ?? "");
  if (stateBuiltins.has(name)) {
    throw invalid(field, `${name} changes what the shell does with later words, so no pattern can allow it.`);
  }
  if (wrappers.has(name) && (pattern.open || pattern.words.some((word) => word.hasStar))) {
    const firstStar = pattern.words.findIndex((word) => word.hasStar);
    const fixed = firstStar === -1 ? pattern.words : pattern.words.slice(0, firstStar);
    if (!namesInnerCommand(fixed.map((word) => word.literal))) {
      throw invalid(
        field,
        `${name} runs whatever command follows; name it before the star, as in "${name} wc *".`,
      );
    }
  }
  return pattern;
}

/** Whether the pattern allows the command; words known only at run time fit nothing but the star at the end. */
export function matchesPattern(pattern: CommandPattern, { assignments, words }: SimpleCommand): boolean {
  if (assignments.length !== pattern.assignments.length) return false;
  if (!pattern.assignments.every((part, index) => part.expression.test(assignments[index] ?? "")))
    return false;
  if (pattern.open ? words.length < pattern.words.length : words.length !== pattern.words.length)
    return false;
  return pattern.words.every((part, index) => {
    const value = words[index]?.value;
    return value !== undefined && part.expression.test(value);
  });
}

/**
 * Whether a deny pattern is in the command: its command word, and all its other words in any place and order. Words
 * known only at run time count as if they were what is denied.
 */
export function containsPattern(pattern: CommandPattern, { assignments, words }: SimpleCommand): boolean {
  const [name, ...others] = pattern.words;
  const [command, ...rest] = words;
  if (name === undefined || command?.value === undefined) return true;
  if (!name.expression.test(command.value) && !name.expression.test(bareName(command.value))) return false;
  const hasVariables = pattern.assignments.every((part) =>
    assignments.some((given) => part.expression.test(given)),
  );
  return hasVariables && others.every((part) => rest.some((word) => couldBe(part, word)));
}

function couldBe(part: PatternWord, { value, prefix }: ShellWord): boolean {
  if (value === undefined) return prefix.startsWith(part.literal) || part.literal.startsWith(prefix);
  if (part.expression.test(value)) return true;
  if (part.hasStar || !part.literal.startsWith("-")) return false;
  // A denied flag is also denied with its value attached, shortened, and among others: --force=x, --forc, -xf.
  if (part.literal.startsWith("--")) return isShortened(value, part.literal);
  return part.literal.length === 2 && /^-[^-]/.test(value) && value.includes(part.literal.slice(1));
}

function splitWords(text: string, field: string): readonly PatternWord[] {
  const words: PatternWord[] = [];
  // Text in quotes, an escaped character, a star or two, plain text, or blanks.
  const token = /'([^']*)'|"([^"]*)"|\\(.)|(\*{1,2})|([^\s'"\\*]+)|(\s+)|(.)/gsu;
  let current: { text: string; literal: string; hasStar: boolean; source: string } | undefined;
  const end = (): void => {
    if (current !== undefined)
      words.push({ ...current, expression: new RegExp(`^${current.source}$`, "su") });
    current = undefined;
  };
  for (const [raw, single, double, escaped, star, plain, blank] of text.matchAll(token)) {
    if (blank !== undefined) {
      end();
      continue;
    }
    const value = single ?? double ?? escaped ?? plain;
    if (value === undefined && star === undefined)
      throw invalid(field, `${JSON.stringify(text)} has an open quote.`);
    current ??= { text: "", literal: "", hasStar: false, source: "" };
    current.text += raw;
    if (star === undefined) {
      current.literal += current.hasStar ? "" : value;
      current.source += escapeExpression(value ?? "");
    } else {
      current.hasStar = true;
      current.source += `(?:${notUpwards}${star === "*" ? "[^/]" : "."})*`;
    }
  }
  end();
  return words;
}

function escapeExpression(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function invalid(field: string, message: string): AgentwerkError {
  return new AgentwerkError({ code: "invalid_input", field, message: `${field}: ${message}` });
}
