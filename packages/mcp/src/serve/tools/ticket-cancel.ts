import { z } from "zod";
import { changedTicket, describeChange } from "./changed-ticket.ts";
import { defineServedTool, type ServedTool } from "./served-tool.ts";
import { key } from "./shared-fields.ts";

export const ticketCancel: ServedTool = defineServedTool({
  name: "ticket_cancel",
  title: "Cancel a ticket",
  profile: "file",
  description: "Ends a ticket without a result, for good; work in hand is aborted.",
  input: z.strictObject({ key, reason: z.string().max(10_000).optional() }),
  output: changedTicket,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  async run({ key, reason }, { access }) {
    const ticket = await access.get(key);
    if (ticket.status === "cancelled") return describeChange(ticket);
    return describeChange(await access.tickets.cancel(ticket.key, reason));
  },
});
