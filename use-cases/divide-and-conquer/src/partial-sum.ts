import { z } from "zod";

/** What an agent answers for its part; JSON has no integers of this size, so the sum travels as text. */
export interface PartialSum {
  readonly from: number;
  readonly to: number;
  readonly sum: bigint;
}

interface WrittenSum {
  from: number;
  to: number;
  sum: string;
}

/** What the model has to write, and how the program reads it. */
export const partialSumSchema: z.ZodType<PartialSum, WrittenSum> = z.object({
  from: z.int().describe("The first number of the part."),
  to: z.int().describe("The last number of the part."),
  sum: z
    .string()
    .regex(/^(0|[1-9]\d*)$/)
    .describe("The sum of the squares as decimal digits without separators.")
    .transform((digits) => BigInt(digits)),
});
