import type { DoubleQuotedChild, ParsedScript, Word, WordPart } from "unbash";
import { foldDocument } from "./fold-document.ts";
import { Refusal } from "./refusal.ts";
import { quote, type ShellWord, staticWord } from "./shell-word.ts";

/** Compiles the inside of a substitution. */
export type CompileScript = (script: ParsedScript | undefined) => string;

interface Piece {
  readonly script: string;
  /** Absent for what is known only at run time. */
  readonly value?: string;
  /** Expands to names of files: a word may become several, all with the same beginning. */
  readonly glob?: boolean;
  /** What it yields is split at blanks, so nothing is known about the words that it becomes. */
  readonly splits?: boolean;
}

/**
 * Compiles a word.
 * @throws Refusal for expansions that hide text or have effects.
 */
export function compileWord(word: Word, compileScript: CompileScript): ShellWord {
  if (word.text.startsWith("~")) return compileTilde(word);
  if (word.parts === undefined) return staticWord(word.value);
  return joinPieces(word.parts.flatMap((part) => compilePart(part, { compileScript, quoted: false })));
}

/** The text of a here-document, as one word. */
export function compileText(parts: readonly WordPart[], compileScript: CompileScript): ShellWord {
  return joinPieces(parts.flatMap((part) => compilePart(part, { compileScript, quoted: true })));
}

function joinPieces(pieces: readonly Piece[]): ShellWord {
  const script = pieces.map((piece) => piece.script).join("") || "''";
  const unknown = pieces.findIndex((piece) => piece.value === undefined);
  const known = (unknown === -1 ? pieces : pieces.slice(0, unknown)).map((piece) => piece.value).join("");
  if (unknown === -1) return { script, value: known, prefix: known };
  return { script, value: undefined, prefix: pieces.some((piece) => piece.splits) ? "" : known };
}

function compileTilde({ text, value, parts }: Word): ShellWord {
  if (parts !== undefined || !/^~(\/|$)/.test(text)) {
    throw new Refusal(`${text}: only ~ and ~/path are understood; write the path out.`);
  }
  return { script: `~${value === "~" ? "" : `/${quote(value.slice(2))}`}`, value: undefined, prefix: "/" };
}

interface PartContext {
  readonly compileScript: CompileScript;
  readonly quoted: boolean;
}

function compilePart(part: WordPart | DoubleQuotedChild, context: PartContext): Piece | readonly Piece[] {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return { script: quote(part.value), value: part.value };
    case "DoubleQuoted":
      return part.parts.flatMap((child) => compilePart(child, { ...context, quoted: true }));
    case "Glob":
      return compileGlob(part.text);
    case "SimpleExpansion":
      return compileParameter(part.text.slice(1), context);
    case "ParameterExpansion": {
      const plain = part.prefix === undefined && part.index === undefined && part.operation === undefined;
      if (plain) return compileParameter(part.parameter, context);
      throw new Refusal(`${part.text}: only the plain forms $name and \${name} are allowed.`);
    }
    case "CommandExpansion": {
      const text = context.quoted ? foldDocument(part.script) : undefined;
      if (text !== undefined) return { script: quote(text), value: text };
      return expansion(`$(\n${context.compileScript(part.script)}\n)`, context);
    }
    case "ProcessSubstitution":
      return { script: `${part.operator}(\n${context.compileScript(part.script)}\n)` };
    case "ArithmeticExpansion":
      if (/^\$\(\([0-9+\-*/%() ]+\)\)$/.test(part.text)) return expansion(part.text, context);
      throw new Refusal(`${part.text}: arithmetic is allowed on plain numbers only; calculate it yourself.`);
    case "BraceExpansion":
      throw new Refusal(`${part.text}: write the words of a brace expansion out, or quote the braces.`);
    case "ExtendedGlob":
    case "LocaleString":
      throw new Refusal(`${part.text}: this form is not supported; quote it, or write it in another way.`);
    default:
      throw new Refusal("The command contains a form that is not supported.");
  }
}

function compileGlob(text: string): Piece {
  if (text === "*" || text === "?" || /^\[[!^]?[\p{L}\p{N}_.,-]+\]$/u.test(text)) return { script: text };
  throw new Refusal(
    `${text}: only *, ? and plain [a-z] are allowed in file patterns; quote it if it is text.`,
  );
}

function compileParameter(name: string, context: PartContext): Piece {
  if (/^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9?#@*])$/.test(name)) return expansion(`\${${name}}`, context);
  throw new Refusal(`$${name}: this parameter is not supported; write the value out.`);
}

function expansion(script: string, { quoted }: PartContext): Piece {
  return quoted ? { script: `"${script}"` } : { script, splits: true };
}
