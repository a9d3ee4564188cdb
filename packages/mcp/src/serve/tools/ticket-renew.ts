import { LeaseLostError } from "@agentwerk/core";
import { z } from "zod";
import { toIso } from "../tickets/ticket-view.ts";
import { defineServedTool, type ServedTool } from "./served-tool.ts";
import { leaseSeconds } from "./ticket-claim.ts";

export const ticketRenew: ServedTool = defineServedTool({
  name: "ticket_renew",
  title: "Keep a claim",
  profile: "work",
  description: "Keeps a claimed ticket yours for longer, from now.",
  input: z.strictObject({ claim: z.string(), lease_seconds: leaseSeconds }),
  output: z.object({ key: z.string(), lease_until: z.string() }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run({ claim, lease_seconds }, { access }) {
    const { lease } = await access.claimed(claim);
    const lost = await access.tickets.store.renew([lease], lease_seconds * 1_000);
    if (lost.length > 0) throw new LeaseLostError(lease.key);
    const until = (await access.tickets.store.get(lease.key))?.lease?.until ?? lease.expiresAt;
    const data = { key: lease.key, lease_until: toIso(until) };
    return { text: `${data.key} is yours until ${data.lease_until}.`, data };
  },
});
