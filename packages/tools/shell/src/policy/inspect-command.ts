import { posix } from "node:path";
import type { ShellWord } from "../syntax/shell-word.ts";
import { isInterpreter } from "./command-kinds.ts";
import { inspectSed } from "./inspect-sed.ts";
import { commandsFromInput, editors, flagsWithValue } from "./program-input.ts";

/** Commands whose operands are programs: words known only at run time cannot be judged. */
const operandsAreCode: ReadonlySet<string> = new Set([
  "awk",
  "sed",
  "sqlite3",
  "jq",
  "vim",
  "vi",
  "ex",
  "nvim",
  "emacs",
]);

const writingSql = /\b(?:attach|vacuum|writefile|edit|load_extension)\b/i;

/**
 * What is wrong with where a command gets its program from; undefined when nothing is. `name` is the command without
 * its path and under its usual name.
 */
export function inspectInput(name: string, words: readonly ShellWord[]): string | undefined {
  if (!isInterpreter(name)) return undefined;
  const given = words.slice(1).map(({ value = "" }) => value);
  if (given.length === 1 && /^(?:--?(?:version|help)|-[Vhv])$/.test(given[0] ?? "")) return undefined;
  // It looks for files of tests by itself.
  const isTestRun = name === "node" && given.includes("--test");
  if ((programs(name, words).length === 0 && !isTestRun) || given.includes("-"))
    return `${name} would read a program from its input`;
  const device = given.find((word) => isDevice(posix.normalize(word)));
  return device === undefined ? undefined : `${name} would read a program from ${device}`;
}

/** A path by which a program reads what it was given as input. */
function isDevice(path: string): boolean {
  return /^(?:\/|(?:\.\.\/)+)(?:dev|proc)\//.test(path) || /(?:^|\/)(?:stdin|fd\/\d+)$/.test(path);
}

/** What the operands of a command would do beyond its purpose; undefined when nothing is wrong. */
export function inspectOperands(name: string, words: readonly ShellWord[]): string | undefined {
  if (isInterpreter(name) || operandsAreCode.has(name)) {
    const unknown = words.slice(1).some(({ value }) => value === undefined);
    if (unknown) return `an operand of ${name} can be code, so each has to be plain text`;
  }
  if (editors.has(name)) return `${name} takes commands from its input; use a tool that edits files`;
  const needed = Object.hasOwn(commandsFromInput, name) ? (commandsFromInput[name] ?? 0) : 0;
  if (operands(words).length < needed || (needed > 0 && words.some(({ value }) => value === "-")))
    return `${name} would take commands from its input`;
  if (name === "sqlite3" && words.some(({ value = "" }) => writingSql.test(value)))
    return "attach, vacuum, writefile, edit and load_extension of sqlite3 write or run other files";
  if (name === "sed") return inspectSed(words);
  if (name === "awk") return inspectAwk(words);
  if (name === "tar") return inspectTar(words);
  if (name === "uniq") return inspectUniq(words);
  return undefined;
}

/** Output redirections, pipes, system(), getline, and gawk's @load, @include and indirect calls. */
function inspectAwk(words: readonly ShellWord[]): string | undefined {
  const harmful = words
    .slice(1)
    .find(({ value = "" }) => /system|getline|[|>@]/.test(value.replaceAll("||", "").replace(/>=/g, "")));
  if (harmful === undefined) return undefined;
  return 'an awk program may not contain system, getline, |, > or @ (write "b < a" instead of "a > b")';
}

/** The first word may hold options without a dash. */
function inspectTar([, first]: readonly ShellWord[]): string | undefined {
  if (first !== undefined && first.value === undefined)
    return "the first word behind tar can be options, so it has to be plain text";
  if (!/^[A-Za-z]*[FITg][A-Za-z]*$/.test(first?.value ?? "")) return undefined;
  return "the letters F, I, T and g among the options of tar run, read or write other files";
}

function inspectUniq(words: readonly ShellWord[]): string | undefined {
  const isUnknown = words.slice(1).some(({ value }) => value === undefined);
  if (isUnknown) return "an expansion could become two operands of uniq, of which it writes the second";
  return operands(words).length > 1 ? "the second operand of uniq is a file that it writes" : undefined;
}

/** The operands that an interpreter can only take for its program and the program's arguments. */
function programs(name: string, words: readonly ShellWord[]): readonly ShellWord[] {
  const flags = Object.hasOwn(flagsWithValue, name) ? flagsWithValue[name] : undefined;
  return operands(words).filter((word) => {
    const before = words[words.indexOf(word) - 1]?.value ?? "";
    // A shell takes +o beside -o.
    const isFlag = flags?.test(before.replaceAll("_", "-")) || flags?.test(word.prefix);
    return isFlag !== true;
  });
}

/** Words that are no flags; behind `--` every word is one. */
function operands(words: readonly ShellWord[]): readonly ShellWord[] {
  const end = words.findIndex(({ value }) => value === "--");
  return words.filter(
    ({ prefix }, index) =>
      index > 0 &&
      index !== end &&
      ((end !== -1 && index > end) || prefix === "-" || !prefix.startsWith("-")),
  );
}
