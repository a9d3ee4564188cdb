import { z } from "zod";
import { prompts } from "./prompts.ts";

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
  from: z.int().describe(prompts.fromDescription),
  to: z.int().describe(prompts.toDescription),
  sum: z
    .string()
    .regex(/^(0|[1-9]\d*)$/)
    .describe(prompts.sumDescription)
    .transform((digits) => BigInt(digits)),
});
