import { z } from "zod";
import { changedTicket, describeSteered } from "./changed-ticket.ts";
import { defineServedTool, type ServedTool } from "./served-tool.ts";
import { key } from "./shared-fields.ts";

export const ticketReply: ServedTool = defineServedTool({
  name: "ticket_reply",
  title: "Reply on a ticket",
  profile: "file",
  description:
    "Says something to the agent of an open ticket. Wakes a ticket that asks a question; ask the person first where the answer is theirs.",
  input: z.strictObject({ key, text: z.string().min(1).max(100_000) }),
  output: changedTicket,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  async run({ key, text }, { access }) {
    const ticket = await access.get(key);
    const author = access.principal.name;
    return describeSteered(await access.tickets.reply(ticket.key, text, { author }));
  },
});
