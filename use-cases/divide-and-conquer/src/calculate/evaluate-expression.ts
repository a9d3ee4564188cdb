import { ExpressionError } from "./expression-error.ts";
import { readTokens, type Token } from "./read-tokens.ts";

/** Characters of an expression. */
export const longestExpression = 2_000;
/** Decimal digits of any value on the way; about 33,220 bits. */
const mostDigits = 10_000;
/** Parentheses and signs within each other. */
const deepestNesting = 100;

const mostBits = Math.floor(mostDigits * Math.log2(10));

/**
 * The exact value of an expression over whole numbers: `+ - * / % ^` and parentheses; `**` is `^`.
 * Division has to come out even. `%` takes the sign of the dividend; `-2^2` is -4; `2^3^2` is 2^9.
 * @throws ExpressionError
 */
export function evaluateExpression(text: string): bigint {
  if (text.length > longestExpression) {
    throw new ExpressionError(
      `The expression has ${text.length} characters, at most ${longestExpression} are taken; split it.`,
    );
  }
  const reader = new Reader(readTokens(text));
  const value = readSum(reader, 0);
  reader.expectEnd();
  return value;
}

class Reader {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** Takes the next token if it is one of these operators. */
  take(...operators: readonly string[]): string | undefined {
    const token = this.#tokens[this.#position];
    if (token?.kind !== "operator" || !operators.includes(token.text)) return undefined;
    this.#position++;
    return token.text;
  }

  takeNumber(): bigint {
    const token = this.#tokens[this.#position];
    if (token?.kind !== "number") throw this.#unexpected(token, "a number");
    this.#position++;
    return token.value;
  }

  expectClosing(): void {
    if (this.take(")") === undefined) throw this.#unexpected(this.#tokens[this.#position], '")"');
  }

  expectEnd(): void {
    const token = this.#tokens[this.#position];
    if (token !== undefined) throw this.#unexpected(token, "an operator");
  }

  #unexpected(token: Token | undefined, wanted: string): ExpressionError {
    return new ExpressionError(
      token === undefined
        ? `The expression ends where ${wanted} should come.`
        : `${JSON.stringify(token.text)} at character ${token.at} stands where ${wanted} should be.`,
    );
  }
}

function readSum(reader: Reader, depth: number): bigint {
  let value = readProduct(reader, depth);
  for (;;) {
    const operator = reader.take("+", "-");
    if (operator === undefined) return value;
    const right = readProduct(reader, depth);
    value = checkSize(operator === "+" ? value + right : value - right);
  }
}

function readProduct(reader: Reader, depth: number): bigint {
  let value = readSigned(reader, depth);
  for (;;) {
    const operator = reader.take("*", "/", "%");
    if (operator === undefined) return value;
    const right = readSigned(reader, depth);
    value = operator === "*" ? multiply(value, right) : divide(value, right, operator);
  }
}

function readSigned(reader: Reader, depth: number): bigint {
  if (depth > deepestNesting) throw new ExpressionError(`More than ${deepestNesting} levels; simplify it.`);
  const sign = reader.take("+", "-");
  if (sign === undefined) return readPower(reader, depth);
  const value = readSigned(reader, depth + 1);
  return sign === "-" ? -value : value;
}

function readPower(reader: Reader, depth: number): bigint {
  const base = readAtom(reader, depth);
  if (reader.take("^", "**") === undefined) return base;
  return raise(base, readSigned(reader, depth + 1));
}

function readAtom(reader: Reader, depth: number): bigint {
  if (reader.take("(") === undefined) return reader.takeNumber();
  const value = readSum(reader, depth + 1);
  reader.expectClosing();
  return value;
}

function multiply(left: bigint, right: bigint): bigint {
  if (bitsOf(left) + bitsOf(right) > mostBits + 8) throw tooLarge();
  return checkSize(left * right);
}

function divide(left: bigint, right: bigint, operator: string): bigint {
  if (right === 0n) throw new ExpressionError(`${operator === "/" ? "Division" : "Remainder"} by zero.`);
  if (operator === "%") return left % right;
  if (left % right === 0n) return left / right;
  throw new ExpressionError(
    `${shorten(left)} / ${shorten(right)} is not a whole number; multiply first, or use % for the remainder.`,
  );
}

/** The size is judged before the work is done: `9^9^9` must not take the machine with it. */
function raise(base: bigint, exponent: bigint): bigint {
  if (exponent < 0n) throw new ExpressionError(`The exponent ${shorten(exponent)} is negative.`);
  if (base >= -1n && base <= 1n) return exponent === 0n ? 1n : base ** (exponent % 2n === 0n ? 2n : 1n);
  if (exponent * BigInt(bitsOf(base) - 1) > BigInt(mostBits)) throw tooLarge();
  return checkSize(base ** exponent);
}

function checkSize(value: bigint): bigint {
  if (bitsOf(value) > mostBits) throw tooLarge();
  return value;
}

function tooLarge(): ExpressionError {
  return new ExpressionError(`The value has more than ${mostDigits} digits.`);
}

/** Bits of the absolute value, exactly. */
function bitsOf(value: bigint): number {
  const digits = (value < 0n ? -value : value).toString(16);
  return digits.length * 4 - Math.clz32(Number.parseInt(digits.charAt(0), 16)) + 28;
}

function shorten(value: bigint): string {
  const text = String(value);
  return text.length <= 60 ? text : `${text.slice(0, 40)}… (${text.length} digits)`;
}
