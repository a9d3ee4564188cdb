import { QuerySyntaxError } from "./query-syntax-error.ts";

export interface Token {
  readonly kind: "word" | "string" | "symbol" | "end";
  /** Without quotes. */
  readonly text: string;
  /** Offset in the query, from 0. */
  readonly at: number;
}

const symbol = /(?:!=|!~|<=|>=|[=<>~(),])/y;
const word = /[^\s=<>!~(),"']+/y;
const space = /\s+/y;

/** Cuts a query into words, quoted strings and symbols; the last token stands at its end. */
export function tokenizeQuery(query: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const skipped = matchAt(space, query, at);
    if (skipped !== undefined) {
      at += skipped.length;
      continue;
    }
    const token = readToken(query, at);
    tokens.push(token.token);
    at = token.end;
  }
  return [...tokens, { kind: "end", text: "", at: query.length }];
}

function readToken(query: string, at: number): { readonly token: Token; readonly end: number } {
  const character = query[at];
  if (character === '"' || character === "'") return readString(query, at);
  const found = matchAt(symbol, query, at);
  if (found !== undefined) return { token: { kind: "symbol", text: found, at }, end: at + found.length };
  const text = matchAt(word, query, at);
  if (text === undefined)
    throw new QuerySyntaxError({ query, at, expected: 'a word, a quoted text or "!="' });
  return { token: { kind: "word", text, at }, end: at + text.length };
}

/** A backslash takes the next character as it is. */
function readString(query: string, at: number): { readonly token: Token; readonly end: number } {
  const quote = query[at];
  let text = "";
  for (let index = at + 1; index < query.length; index++) {
    const character = query[index];
    if (character === quote) return { token: { kind: "string", text, at }, end: index + 1 };
    if (character === "\\" && index + 1 < query.length) index++;
    text += query[index];
  }
  throw new QuerySyntaxError({ query, at: query.length, expected: `the closing ${quote}` });
}

function matchAt(pattern: RegExp, query: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(query)?.[0];
}
