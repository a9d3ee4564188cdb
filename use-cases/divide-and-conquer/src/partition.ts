/** A part of the range [1, n], both ends included. */
export interface Part {
  /** From 1. */
  readonly number: number;
  readonly from: number;
  readonly to: number;
}

/** Splits [1, n] into `count` neighbouring parts whose lengths differ by one at most; the longer ones come first. */
export function splitRange(n: number, count: number): readonly Part[] {
  const shortest = Math.floor(n / count);
  const longer = n % count;
  const parts: Part[] = [];
  let from = 1;
  for (let number = 1; number <= count; number++) {
    const to = from + shortest + (number <= longer ? 1 : 0) - 1;
    parts.push({ number, from, to });
    from = to + 1;
  }
  return parts;
}

/** 1² + 2² + … + n², by the closed form n(n+1)(2n+1)/6. */
export function sumOfSquares(n: number): bigint {
  const last = BigInt(n);
  return (last * (last + 1n) * (2n * last + 1n)) / 6n;
}

export function sumOfPart({ from, to }: Part): bigint {
  return sumOfSquares(to) - sumOfSquares(from - 1);
}
