import { parseTicketKey, type TicketKey } from "@agentwerk/core";
import { z } from "zod";
import { defaultWaitSeconds, longestWaitSeconds, mostKeys } from "../limits.ts";

export const key: z.ZodString = z.string().describe("Such as TICKET-12.");

export const keys: z.ZodArray<z.ZodString> = z.array(z.string()).min(1).max(mostKeys);

export const labels: z.ZodArray<z.ZodString> = z.array(z.string().min(1).max(200)).max(50);

export const waitSeconds: z.ZodNumber = z
  .number()
  .min(0)
  .max(longestWaitSeconds)
  .describe(`${defaultWaitSeconds} unless given; at most ${longestWaitSeconds}.`);

export function toKeys(texts: readonly string[], field: string): readonly TicketKey[] {
  return [...new Set(texts)].map((text) => parseTicketKey(text, field));
}
