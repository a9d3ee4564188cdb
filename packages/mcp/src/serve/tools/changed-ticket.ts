import type { Ticket } from "@agentwerk/core";
import { z } from "zod";
import { describeTicket } from "../tickets/ticket-view.ts";
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

/** One that still waits says for what: a reply decides nothing about a call, and there may be more calls than one. */
export function describeSteered(ticket: Ticket): ToolOutput<z.infer<typeof changedTicket>> {
  return ticket.status === "waiting"
    ? describeChange(ticket, describeTicket(ticket))
    : describeChange(ticket);
}
