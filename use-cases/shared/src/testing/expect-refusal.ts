import { expect } from "vitest";
import { UsageError } from "../usage-error.ts";

/** Holds a command line's parser to a refusal in one line that names a part. */
export function expectRefusal(parse: () => unknown, part: string): void {
  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(part);
  expect(parse).not.toThrow("\n");
}

/** Holds a help text to the width of the narrowest usual terminal. */
export function expectEightyColumns(text: string): void {
  for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
}
