import type { ShellWord } from "../syntax/shell-word.ts";
import { isInterpreter } from "./command-kinds.ts";
import { inspectSed } from "./inspect-sed.ts";

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

/**
 * What is wrong with where a command gets its program from; undefined when nothing is. `name` is the command without
 * its path and under its usual name.
 */
export function inspectInput(name: string, words: readonly ShellWord[]): string | undefined {
  if (!isInterpreter(name)) return undefined;
  const given = words.slice(1).map(({ value = "" }) => value);
  if (given.some((word) => /^(?:--?(?:version|help)|-[Vhv])$/.test(word))) return undefined;
  if (operands(words).length === 0 || given.includes("-"))
    return `${name} would read a program from its input`;
  const device = given.find((word) => /^\/(?:dev|proc)\//.test(word));
  return device === undefined ? undefined : `${name} would read a program from ${device}`;
}

/** What the operands of a command would do beyond its purpose; undefined when nothing is wrong. */
export function inspectOperands(name: string, words: readonly ShellWord[]): string | undefined {
  if (isInterpreter(name) || operandsAreCode.has(name)) {
    const unknown = words.slice(1).some(({ value }) => value === undefined);
    if (unknown) return `an operand of ${name} can be code, so each has to be plain text`;
  }
  if (name === "sed") return inspectSed(words);
  if (name === "awk") return inspectAwk(words);
  if (name === "tar" && /^[A-Za-z]*[FIT][A-Za-z]*$/.test(words[1]?.value ?? "")) {
    return "the letters I, F and T among the options of tar run or read other files";
  }
  if (name === "uniq" && operands(words).length > 1)
    return "the second operand of uniq is a file that it writes";
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

function operands(words: readonly ShellWord[]): readonly ShellWord[] {
  return words.slice(1).filter(({ prefix }) => prefix === "-" || !prefix.startsWith("-"));
}
