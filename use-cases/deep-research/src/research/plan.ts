import { z } from "zod";

export interface Angle {
  readonly title: string;
  readonly question: string;
  readonly queries: readonly string[];
}

export interface Plan {
  readonly angles: readonly Angle[];
}

const line = (longest: number): z.ZodString =>
  z
    .string()
    .trim()
    .min(3)
    .max(longest)
    .regex(/^[^\n]*$/, "Give one line.");

/** What the planner has to write. */
export function planSchema(angles: number): z.ZodType<Plan> {
  return z.object({
    angles: z
      .array(
        z.object({
          title: line(80).describe("A few words, for a heading."),
          question: line(300).describe("Complete in itself: names its subject in full."),
          queries: z.array(line(120)).min(1).max(4).describe("A few words each, as for a search engine."),
        }),
      )
      .min(1)
      .max(angles)
      .describe(`At most ${angles}.`),
  });
}
