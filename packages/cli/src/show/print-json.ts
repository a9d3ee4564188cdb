/** C1 controls and marks of direction stand in JSON as they are; a terminal would act on them. */
const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** One line of JSON, the same value for a program and harmless on a terminal. Sums of money are rounded. */
export function toJsonLine(value: unknown): string {
  const text = JSON.stringify(value, roundMoney).replaceAll(
    unsafe,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${text}\n`;
}

/** Far below a token of the cheapest model, and far above what adding binary fractions leaves behind. */
const digitsOfDollars = 10;

/** A sum of US dollars as every output has it. */
export function roundDollars(dollars: number): number {
  return Number(dollars.toFixed(digitsOfDollars));
}

function roundMoney(this: unknown, key: string, value: unknown): unknown {
  return typeof value === "number" && isMoney(this, key) ? roundDollars(value) : value;
}

/** A sum of ours stands beside the tokens that it paid for, or the limit that it broke; a `cost` of a user's own does not. */
function isMoney(holder: unknown, key: string): boolean {
  if (typeof holder !== "object" || holder === null) return false;
  if (key === "cost") return "usage" in holder || "inputTokens" in holder;
  return key === "value" && "limit" in holder && holder.limit === "maxCost";
}
