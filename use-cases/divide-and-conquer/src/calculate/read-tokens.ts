import { ExpressionError } from "./expression-error.ts";

export type Token =
  | { readonly kind: "number"; readonly text: string; readonly value: bigint; readonly at: number }
  | { readonly kind: "operator"; readonly text: string; readonly at: number };

const pattern = /\s*(?:(\d+)|(\*\*|[-+*/%^()]))/y;

/**
 * Numbers and operators of an expression, with their places counted from 1.
 * @throws ExpressionError for anything else, decimal points and digit grouping included.
 */
export function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  pattern.lastIndex = 0;
  while (pattern.lastIndex < source.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(source);
    if (match === null) throw unknownCharacter(source, start);
    const [, digits, operator = ""] = match;
    const at = pattern.lastIndex - (digits ?? operator).length + 1;
    tokens.push(
      digits === undefined
        ? { kind: "operator", text: operator, at }
        : { kind: "number", text: digits, value: BigInt(digits), at },
    );
  }
  if (tokens.length === 0) throw new ExpressionError("The expression is empty.");
  return tokens;
}

function unknownCharacter(source: string, start: number): ExpressionError {
  const at = start + (/^\s*/.exec(source.slice(start))?.[0].length ?? 0);
  const character = String.fromCodePoint(source.codePointAt(at) ?? 32);
  return new ExpressionError(
    `${JSON.stringify(character)} at character ${at + 1} is not understood: use whole numbers without separators, + - * / % ^ and parentheses.`,
  );
}
