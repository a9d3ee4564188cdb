import type { Ticket } from "@agentwerk/core";
import { z } from "zod";
import type { ToolOutput } from "./served-tool.ts";

/** The answer of a tool that changed a ticket: which, and what it is now. */
export const changedTicket: z.ZodObject<{ key: z.ZodString; status: z.ZodString }> = z.object({
  key: z.string(),
  status: z.string(),
});

export function describeChange(
  ticket: Pick<Ticket, "key" | "status">,
  text = `${ticket.key} is now ${ticket.status}.`,
): ToolOutput<z.infer<typeof changedTicket>> {
  return { text, data: { key: ticket.key, status: ticket.status } };
}
