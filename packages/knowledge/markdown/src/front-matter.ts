import { AgentwerkError } from "@agentwerk/core";
import { LineCounter, parseDocument } from "yaml";

/** A markdown file, taken apart. */
export interface FrontMatter {
  /** What stands between the lines of `---`; empty where a file has none. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Without empty lines around it, and with `\n` as line ending. */
  readonly body: string;
}

/** Front matter that cannot be read. */
export class FrontMatterError extends AgentwerkError {
  override name = "FrontMatterError";
  /** What is wrong, to stand behind "the front matter". */
  readonly problem: string;

  constructor(problem: string, cause?: unknown) {
    super({ code: "invalid_input", message: `The front matter ${problem}.`, cause });
    this.problem = problem;
  }
}

/** Characters: more is a mistake or an attack. */
const longestHead = 65_536;

/**
 * Takes the YAML 1.2 at the head of a markdown text apart. Keys may not repeat, and aliases are refused: a few lines of
 * them can stand for gigabytes.
 * @throws FrontMatterError, and nothing else.
 */
export function parseFrontMatter(text: string): FrontMatter {
  const { head, body } = splitFrontMatter(text);
  return { values: parseHead(head), body };
}

/** The same with the YAML as it stands; empty where a file has none. */
export function splitFrontMatter(text: string): { readonly head: string; readonly body: string } {
  const plain = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  if (!/^---[ \t]*\n/.test(plain)) return { head: "", body: trimBody(plain) };
  const start = plain.indexOf("\n") + 1;
  const end = /^(---|\.\.\.)[ \t]*$/m.exec(plain.slice(start, start + longestHead));
  if (end === null) throw new FrontMatterError("has no end; close it with a line of ---");
  const head = plain.slice(start, start + end.index);
  return { head, body: trimBody(plain.slice(start + end.index + end[0].length)) };
}

/** As a body is kept. */
export function trimBody(body: string): string {
  return body
    .replaceAll("\r\n", "\n")
    .replaceAll("\0", "")
    .toWellFormed()
    .replace(/^\n+/, "")
    .replace(/\s+$/, "");
}

/** Whitespace of any kind as one space: a description is one line of a list. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

/** The text of a value; empty for what is none. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** @throws FrontMatterError, and nothing else. */
export function parseHead(head: string): Readonly<Record<string, unknown>> {
  const document = parseYaml(head);
  const [error] = document.errors;
  if (error !== undefined) throw new FrontMatterError(`is not YAML: ${oneLine(error.message)}`, error);
  let values: unknown;
  try {
    values = document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw new FrontMatterError("uses YAML aliases", cause);
  }
  if (values === null) return {};
  if (typeof values !== "object" || Array.isArray(values))
    throw new FrontMatterError("is not a list of keys with their values");
  return values as Readonly<Record<string, unknown>>;
}

function parseYaml(head: string): ReturnType<typeof parseDocument> {
  try {
    return parseDocument(head, {
      schema: "core",
      uniqueKeys: true,
      logLevel: "silent",
      prettyErrors: false,
      lineCounter: new LineCounter(),
    });
  } catch (cause) {
    // The parser calls itself for each bracket.
    throw new FrontMatterError("is nested too deeply", cause);
  }
}
