import type { JsonValue } from "@agentwerk/core";
import { z } from "zod";
import { changedTicket, describeChange } from "./changed-ticket.ts";
import { defineServedTool, type ServedTool } from "./served-tool.ts";
import { key } from "./shared-fields.ts";

export const ticketApprove: ServedTool = defineServedTool({
  name: "ticket_approve",
  title: "Approve or reject a call",
  profile: "file",
  description:
    "Decides on a call that an agent wants to make. Only after the person saw tool and input and said so. input runs it with other arguments.",
  input: z.strictObject({
    key,
    call_id: z.string(),
    hash: z.string().describe("From the ticket, beside call_id: a decision on other arguments is refused."),
    decision: z.enum(["approve", "reject"]),
    input: z.unknown().optional().describe("For approve: arguments instead of the call's own."),
    reason: z.string().max(10_000).optional().describe("For reject: what the agent reads."),
  }),
  output: changedTicket,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  async run({ key, call_id, hash, decision, input, reason }, { access }) {
    const ticket = await access.get(key);
    const call = { callId: call_id, hash };
    const by = access.principal.name;
    const decided =
      decision === "approve"
        ? await access.tickets.approve(ticket.key, call, {
            by,
            ...(input !== undefined && { input: input as JsonValue }),
          })
        : await access.tickets.reject(ticket.key, call, { by, ...(reason !== undefined && { reason }) });
    return describeChange(decided);
  },
});
