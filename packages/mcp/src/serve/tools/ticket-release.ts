import { z } from "zod";
import { changedTicket, describeChange } from "./changed-ticket.ts";
import { defineServedTool, type ServedTool } from "./served-tool.ts";

export const ticketRelease: ServedTool = defineServedTool({
  name: "ticket_release",
  title: "Give a claim back",
  profile: "work",
  description: "Gives a claimed ticket back unfinished; another worker takes it at once.",
  input: z.strictObject({ claim: z.string() }),
  output: changedTicket,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run({ claim }, { access }) {
    const { ticket, lease } = await access.claimed(claim);
    await access.tickets.store.release(lease);
    return describeChange({ key: ticket.key, status: "in_progress" }, `${ticket.key} was given back.`);
  },
});
