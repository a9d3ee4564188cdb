import { AgentwerkError, type Claim, textOf } from "@agentwerk/core";
import { z } from "zod";
import { defaultLeaseSeconds, longestLeaseSeconds, pageLength } from "../limits.ts";
import type { Principal } from "../principal.ts";
import { formatClaim, newWorker } from "../tickets/claim-id.ts";
import { ticketView, toIso, toText, toTicketView } from "../tickets/ticket-view.ts";
import { defineServedTool, type ServedTool } from "./served-tool.ts";
import { labels } from "./shared-fields.ts";

export const leaseSeconds: z.ZodDefault<z.ZodNumber> = z
  .number()
  .min(1)
  .max(longestLeaseSeconds)
  .default(defaultLeaseSeconds)
  .describe("How long it stays yours without ticket_renew.");

export const ticketClaim: ServedTool = defineServedTool({
  name: "ticket_claim",
  title: "Claim a ticket to work",
  profile: "work",
  description:
    "Takes the next ready ticket, to be worked by you. Do what its task says, then ticket_finish with the claim; ticket_release if you cannot. Renew before the lease ends, or another worker gets it.",
  input: z.strictObject({
    labels: labels.default([]).describe("Tickets with one of these labels; none: tickets without labels."),
    lease_seconds: leaseSeconds,
  }),
  output: z.object({
    claim: z.string().optional().describe("For ticket_renew, ticket_finish and ticket_release."),
    lease_until: z.string().optional(),
    ticket: ticketView.optional(),
    schema: z.unknown().optional().describe("What the result has to look like."),
    conversation: z.string().optional(),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run({ labels, lease_seconds }, { access }) {
    const { principal, tickets } = access;
    checkLabels(principal, labels);
    const [claim] = await tickets.store.claim({
      worker: newWorker(principal),
      wants: [{ agent: principal.name, labels, limit: 1 }],
      limit: 1,
      leaseMs: lease_seconds * 1_000,
    });
    if (claim === undefined) {
      const of = labels.length === 0 ? "without labels" : `with the label ${labels.join(" or ")}`;
      return { text: `No ticket ${of} is ready.`, data: {} };
    }
    const { ticket, lease } = claim;
    const conversation = describeConversation(claim);
    const data = {
      claim: formatClaim(lease),
      lease_until: toIso(lease.expiresAt),
      ticket: toTicketView(ticket),
      ...(ticket.schema !== undefined && { schema: ticket.schema }),
      ...(conversation !== undefined && { conversation }),
    };
    const parts = [
      `${ticket.key} is yours until ${data.lease_until}; claim ${data.claim}.`,
      data.ticket.task,
    ];
    if (ticket.schema !== undefined) parts.push(`The result has to fit:\n${JSON.stringify(ticket.schema)}`);
    if (conversation !== undefined) parts.push(`So far:\n${conversation}`);
    return { text: parts.join("\n\n"), data };
  },
});

/** @throws AgentwerkError `not_found` for a label that the principal may not work. */
function checkLabels({ name, sees, claimLabels }: Principal, labels: readonly string[]): void {
  if (claimLabels === undefined && sees === "all") return;
  const wanted = labels.length === 0 ? [""] : labels;
  const refused = wanted.find((label) => !(claimLabels ?? []).includes(label));
  if (refused === undefined) return;
  const what = refused === "" ? "tickets without labels" : `tickets with the label ${refused}`;
  const message = `${name} may not claim ${what}; it may claim ${claimLabels?.join(", ") ?? "none"}.`;
  throw new AgentwerkError({ code: "not_found", field: "labels", message });
}

/** What others said on the ticket, newest last and cut at the front. */
function describeConversation({ replies }: Claim): string | undefined {
  const said = replies
    .filter(({ purpose }) => purpose !== "prompt")
    .map(({ author, message }) => ({
      author: author ?? message.role,
      text: textOf(message.role === "tool" ? [] : message.content),
    }))
    .filter(({ text }) => text !== "");
  if (said.length === 0) return undefined;
  const text = said.map((reply) => `${reply.author}: ${toText(reply.text)}`).join("\n\n");
  return text.length <= pageLength ? text : `…${text.slice(1 - pageLength).replace(/^[\uDC00-\uDFFF]/, "")}`;
}
