import { FileProblem } from "../confine/file-problem.ts";

/*
 * Globs are matched by hand and not through regular expressions, in which a pattern such as *a*a*a*a*b takes time
 * without bound on a name of many a's: here every step is forgotten but the last star, so the time is at most the
 * length of the pattern times that of the path.
 */

/** A compiled glob. */
export interface GlobPattern {
  /** The folder that all matches are in, as written: what stands before the first wildcard. */
  readonly base: string;
  /**
   * Patterns of which every match's last name fits one, in the plain part of the syntax that any program reads;
   * undefined when there are none such.
   */
  readonly lastNames: readonly string[] | undefined;
  /** Whether a path from `base`, with `/` between its names, matches. */
  matches(path: string): boolean;
}

type Token =
  | { readonly kind: "character"; readonly character: string }
  | { readonly kind: "one" }
  | { readonly kind: "many" }
  | {
      readonly kind: "class";
      readonly isNegated: boolean;
      readonly ranges: readonly (readonly [string, string])[];
    };

/** One name of a path: `folders` stands for `**`, any number of them. */
type Segment =
  | { readonly kind: "folders" }
  | { readonly kind: "literal"; readonly name: string }
  | { readonly kind: "ending"; readonly ending: string }
  | { readonly kind: "tokens"; readonly tokens: readonly Token[] };

const mostAlternatives = 1_000;

/**
 * Reads `*`, `?`, `**`, `[a-z]`, `[!a]`, `{a,b}` and `\` before a character that stands for itself. Wildcards match
 * names that begin with a dot as well.
 * @throws FileProblem when its braces stand for more than 1,000 patterns.
 */
export function compileGlob(pattern: string): GlobPattern {
  const { base, rest } = splitBase(pattern);
  const expanded = expandBraces(rest);
  const alternatives = expanded.map(compilePath);
  const lastNames = expanded.map((alternative) => alternative.slice(alternative.lastIndexOf("/") + 1));
  const isPlain = lastNames.every((name) => /^[\w.*?-]+$/.test(name) && name !== "**");
  return {
    base,
    lastNames: isPlain ? lastNames : undefined,
    matches(path) {
      const names = path.split("/");
      return alternatives.some((matches) => matches(names));
    },
  };
}

/** Matches the names of a path. Braces stand for themselves. */
export function compilePath(pattern: string): (names: readonly string[]) => boolean {
  const segments = pattern
    .split("/")
    .filter((name) => name !== "" && name !== ".")
    .map(toSegment);
  return (names) => matchSegments(segments, names);
}

function splitBase(pattern: string): { readonly base: string; readonly rest: string } {
  const names = pattern.split("/");
  let count = 0;
  while (count < names.length - 1 && !/[*?[\]{}\\]/.test(names[count] ?? "")) count += 1;
  const base = names.slice(0, count).join("/");
  return { base: base === "" && pattern.startsWith("/") ? "/" : base, rest: names.slice(count).join("/") };
}

/** `a{b,c{d,e}}` to `ab`, `acd`, `ace`. Braces that do not pair, or hold no comma, stand for themselves. */
function expandBraces(pattern: string): readonly string[] {
  const done: string[] = [];
  const open = [pattern];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    const group = findGroup(current);
    if (group === undefined) done.push(current);
    else {
      const { start, end, commas } = group;
      const head = current.slice(0, start);
      const tail = current.slice(end + 1);
      const edges = [start, ...commas, end];
      for (let index = edges.length - 2; index >= 0; index--) {
        open.push(head + current.slice((edges[index] ?? 0) + 1, edges[index + 1]) + tail);
      }
    }
    if (done.length + open.length > mostAlternatives) {
      throw new FileProblem(`The braces of the pattern stand for more than ${mostAlternatives} patterns.`);
    }
  }
  return done;
}

/** The first pair of braces with a comma between them, of its own level. */
function findGroup(
  pattern: string,
): { readonly start: number; readonly end: number; readonly commas: readonly number[] } | undefined {
  const levels: { readonly start: number; readonly commas: number[] }[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === "\\") at += 1;
    else if (character === "{") levels.push({ start: at, commas: [] });
    else if (character === ",") levels.at(-1)?.commas.push(at);
    else if (character === "}") {
      const level = levels.pop();
      if (level !== undefined && level.commas.length > 0) return { ...level, end: at };
    }
  }
  return undefined;
}

function toSegment(name: string): Segment {
  if (name === "**") return { kind: "folders" };
  if (!/[*?[\\]/.test(name)) return { kind: "literal", name };
  const ending = /^\*([^*?[\\]*)$/.exec(name)?.[1];
  return ending === undefined ? { kind: "tokens", tokens: toTokens([...name]) } : { kind: "ending", ending };
}

function toTokens(characters: readonly string[]): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    if (character === "*") tokens.push({ kind: "many" });
    else if (character === "?") tokens.push({ kind: "one" });
    else if (character === "[") {
      const end = characters.indexOf("]", at + (/[!^]/.test(characters[at + 1] ?? "") ? 3 : 2));
      if (end === -1) tokens.push({ kind: "character", character });
      else {
        tokens.push(toClass(characters.slice(at + 1, end)));
        at = end;
      }
    } else if (character === "\\" && at + 1 < characters.length) {
      at += 1;
      tokens.push({ kind: "character", character: characters[at] ?? "" });
    } else tokens.push({ kind: "character", character });
  }
  return tokens;
}

function toClass(inner: readonly string[]): Token {
  const isNegated = inner[0] === "!" || inner[0] === "^";
  const rest = isNegated ? inner.slice(1) : inner;
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < rest.length; at++) {
    const from = rest[at] ?? "";
    if (rest[at + 1] === "-" && at + 2 < rest.length) {
      ranges.push([from, rest[at + 2] ?? from]);
      at += 2;
    } else ranges.push([from, from]);
  }
  return { kind: "class", isNegated, ranges };
}

function matchSegments(segments: readonly Segment[], names: readonly string[]): boolean {
  return matchSequence(segments, names, {
    isStar: ({ kind }) => kind === "folders",
    fits: (segment, name) => {
      if (segment.kind === "literal") return segment.name === name;
      if (segment.kind === "ending") return name.endsWith(segment.ending);
      return segment.kind === "tokens" && matchSequence(segment.tokens, [...name], tokenRules);
    },
  });
}

interface Rules<Item, Part> {
  isStar(item: Item): boolean;
  fits(item: Item, part: Part): boolean;
}

const tokenRules: Rules<Token, string> = {
  isStar: ({ kind }) => kind === "many",
  fits: (token, character) => {
    if (token.kind === "character") return token.character === character;
    if (token.kind !== "class") return token.kind === "one";
    return token.ranges.some(([from, to]) => from <= character && character <= to) !== token.isNegated;
  },
};

/** Items against parts, where a star takes any number: the last star takes one more when what follows does not fit. */
function matchSequence<Item, Part>(
  items: readonly Item[],
  parts: readonly Part[],
  { isStar, fits }: Rules<Item, Part>,
): boolean {
  let item = 0;
  let part = 0;
  let star = -1;
  let taken = 0;
  while (part < parts.length) {
    const current = items[item];
    if (current !== undefined && isStar(current)) {
      star = item;
      taken = part;
      item += 1;
    } else if (current !== undefined && fits(current, parts[part] as Part)) {
      item += 1;
      part += 1;
    } else if (star !== -1) {
      taken += 1;
      part = taken;
      item = star + 1;
    } else return false;
  }
  return items.slice(item).every(isStar);
}
