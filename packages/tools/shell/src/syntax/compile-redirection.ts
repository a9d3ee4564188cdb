import type { HereDoc, Redirect, Redirection } from "unbash";
import { type CompileScript, compileText, compileWord } from "./compile-word.ts";
import type { RedirectedFile } from "./compiled-command.ts";
import { readHereDocument } from "./read-here-document.ts";
import { Refusal } from "./refusal.ts";
import { quote } from "./shell-word.ts";

interface CompiledRedirection {
  readonly script: string;
  /** Absent where nothing is opened that could matter. */
  readonly file?: RedirectedFile;
}

/** Always there, and without effect. */
const harmlessFiles: ReadonlySet<string> = new Set(["/dev/null", "/dev/stdout", "/dev/stderr"]);

/**
 * Compiles a redirection. Here-documents become here-strings, which hold the same text without a delimiter.
 * @throws Refusal where the target is not known.
 */
export function compileRedirection(redirect: Redirection, compileScript: CompileScript): CompiledRedirection {
  const { descriptor } = redirect;
  if (descriptor?.type === "FileDescriptorVariable") {
    throw new Refusal("A redirection to a variable's descriptor is not allowed.");
  }
  const number = descriptor === undefined ? "" : String(descriptor.value);
  if (!/^\d?$/.test(number)) throw new Refusal(`File descriptor ${number}: only 0 to 9 are allowed.`);
  switch (redirect.type) {
    case "HereDoc":
      return { script: `${number}${compileHereDocument(redirect, compileScript)}` };
    case "HereString":
      if (redirect.target === undefined) throw new Refusal("A here-string has no text.");
      return { script: `${number}<<<${compileWord(redirect.target, compileScript).script}` };
    case "Redirect":
      return compileFile(redirect, { number, compileScript });
    default:
      throw new Refusal("The command contains a redirection that is not supported.");
  }
}

interface FileContext {
  readonly number: string;
  readonly compileScript: CompileScript;
}

function compileFile(redirect: Redirect, { number, compileScript }: FileContext): CompiledRedirection {
  const { operator, target } = redirect;
  if (operator === "<>") throw new Refusal("The redirection <> is not allowed.");
  const path = target === undefined ? undefined : compileWord(target, compileScript);
  if (path?.value === undefined || path.value === "") {
    // A process substitution is a file that the shell itself makes.
    const [part, ...others] = target?.parts ?? [];
    if (path !== undefined && part?.type === "ProcessSubstitution" && others.length === 0) {
      return { script: `${number}${operator} ${path.script}` };
    }
    throw new Refusal(`${target?.text ?? operator}: the target of a redirection has to be plain text.`);
  }
  if ((operator === ">&" || operator === "<&") && /^(?:\d|-)$/.test(path.value)) {
    return { script: `${number}${operator}${path.value}` };
  }
  if (operator === "<&") throw new Refusal(`<&${path.value}: only a descriptor from 0 to 9 may follow.`);
  const script = `${number}${operator} ${path.script}`;
  if (harmlessFiles.has(path.value)) return { script };
  return { script, file: { path: path.value, mode: operator === "<" ? "read" : "write" } };
}

function compileHereDocument(document: HereDoc, compileScript: CompileScript): string {
  const text = readHereDocument(document);
  if (text === "") return "< /dev/null";
  // A here-string adds the newline that ends the last line.
  if (text !== undefined) return `<<<${quote(text.replace(/\n$/, ""))}`;
  const strip = document.operator === "<<-";
  const parts = (document.body.parts ?? []).map((part, index) => {
    if (part.type !== "Literal") return part;
    const leadingTabs = index === 0 ? /^\t+|(?<=\n)\t+/g : /(?<=\n)\t+/g;
    return strip ? { ...part, value: part.value.replace(leadingTabs, "") } : part;
  });
  const last = parts.at(-1);
  if (last?.type === "Literal") parts[parts.length - 1] = { ...last, value: last.value.replace(/\n$/, "") };
  return `<<<${compileText(parts, compileScript).script}`;
}
