import type { ClaimEnd, JsonValue, TicketDraft } from "@agentwerk/core";
import { z } from "zod";
import { changedTicket, describeChange } from "./changed-ticket.ts";
import { defineServedTool, type ServedTool, ToolInputError } from "./served-tool.ts";
import { labels } from "./shared-fields.ts";

export const ticketFinish: ServedTool = defineServedTool({
  name: "ticket_finish",
  title: "Finish a claimed ticket",
  profile: "work",
  description:
    "Ends a claimed ticket with its result, which has to fit the ticket's schema, or with failure when it cannot be done. handover files a follow-up in the same step.",
  input: z.strictObject({
    claim: z.string(),
    result: z.unknown().optional().describe("Text or JSON, as the schema says."),
    failure: z.string().min(1).max(10_000).optional().describe("Instead of a result: why it cannot be done."),
    handover: z
      .strictObject({
        task: z.string().min(1).describe("Complete in itself."),
        labels: labels.optional(),
        priority: z.number().optional(),
      })
      .optional(),
  }),
  output: changedTicket.extend({ follow_up: z.string().optional() }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run(input, { access }) {
    const { ticket, lease } = await access.claimed(input.claim);
    const end = toEnd(input, access.principal.name);
    const receipt = await access.tickets.finish(lease, end);
    const [followUp] = receipt.children;
    const status = "failure" in end ? "failed" : "done";
    const text = `${ticket.key} is ${status}.${followUp === undefined ? "" : ` Filed ${followUp.key}.`}`;
    const { data } = describeChange({ key: ticket.key, status });
    return { text, data: { ...data, ...(followUp !== undefined && { follow_up: followUp.key }) } };
  },
});

interface Given {
  readonly result?: unknown;
  readonly failure?: string | undefined;
  readonly handover?: Parameters<typeof toDraft>[0] | undefined;
}

/** @throws ToolInputError when it does not say how the ticket ends, or says it twice. */
function toEnd({ result, failure, handover }: Given, reporter: string): ClaimEnd {
  if (failure !== undefined) {
    if (result !== undefined) throw new ToolInputError("Give result or failure, not both.");
    if (handover !== undefined)
      throw new ToolInputError("A ticket that fails hands nothing over; leave handover out.");
    return { failure };
  }
  if (result === undefined) throw new ToolInputError("result is missing; give it, or failure.");
  const followUps = handover === undefined ? [] : [toDraft(handover, reporter)];
  return { result: result as JsonValue, followUps };
}

function toDraft(
  handover: {
    readonly task: string;
    readonly labels?: string[] | undefined;
    readonly priority?: number | undefined;
  },
  reporter: string,
): TicketDraft {
  return { task: handover.task, labels: handover.labels, priority: handover.priority, reporter };
}
