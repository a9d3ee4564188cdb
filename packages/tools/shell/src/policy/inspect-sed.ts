import type { ShellWord } from "../syntax/shell-word.ts";

/**
 * Text up to a delimiter. Some versions of sed take a delimiter in brackets for text and some do not, so brackets
 * have to close before the next one.
 */
function upTo(mark: string): string {
  return String.raw`(?:[^\\\n[${mark}]|\\[\s\S]|\[\^?\]?[^\]\\\n${mark}]*\])*`;
}

const address = String.raw`(?:\d+(?:~\d+)?|\$|/${upTo("/")}/[IM]*)`;
const range = String.raw`(?:${address}(?:\s*,\s*(?:${address}|[+~]\d+))?\s*!?\s*)?`;
/** Substitution and transliteration with one of the usual delimiters, and flags that neither run nor write. */
const substitution: string = [..."/|,#:@!%_;"]
  .map((delimiter) => {
    const mark = `\\x${delimiter.charCodeAt(0).toString(16)}`;
    return `[sy]${mark}${upTo(mark)}${mark}${upTo(mark)}${mark}[gpiIm0-9]*`;
  })
  .join("|");
const command = String.raw`(?:${substitution}|[pdPDnNgGhHxzl=]|[qQ]\s*\d*|[bt](?:\s*\w+)?|:\s*\w+)`;
const harmless: RegExp = new RegExp(String.raw`^\s*(?:${range}${command}\s*(?:[;\n]\s*|$))*$`);
const longestProgram = 2_000;

const flag: RegExp =
  /^(?:-[nErsuz]+|--(?:quiet|silent|regexp-extended|null-data|unbuffered|separate|debug|posix|sandbox|version|help))$/;

/** Whether a sed program holds only commands that neither run programs nor touch files: no e, w, W, r, R, F. */
function isHarmlessSed(program: string): boolean {
  return program.length <= longestProgram && harmless.test(program);
}

/** What is wrong with the programs of a sed command; undefined when nothing is. */
export function inspectSed(words: readonly ShellWord[]): string | undefined {
  const programs = sedPrograms(words.slice(1).map(({ value = "" }) => value));
  if (programs === undefined)
    return "the flags of sed are not understood; write -n, -E, -e and the program apart";
  const harmful = programs.find((program) => !isHarmlessSed(program));
  if (harmful === undefined) return undefined;
  return `the sed program ${JSON.stringify(harmful)} holds more than addresses, s, y, p, d, q and the like`;
}

function sedPrograms(words: readonly string[]): readonly string[] | undefined {
  const programs: string[] = [];
  const operands: string[] = [];
  const rest = words.filter((word) => !flag.test(word));
  while (rest.length > 0) {
    const word = rest.shift() ?? "";
    if (word === "-e" || word === "--expression") programs.push(rest.shift() ?? "");
    else if (/^-./.test(word)) return undefined;
    else operands.push(word);
  }
  return programs.length > 0 ? programs : operands.slice(0, 1);
}
