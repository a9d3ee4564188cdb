import {
  compileSchema,
  formatIssues,
  type JsonValue,
  type Outcome,
  type Ticket,
  type TicketDraft,
} from "@agentwerk/core";
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
    const outcome = await toOutcome(ticket, input);
    const children = input.handover === undefined ? [] : [toDraft(input.handover, access.principal.name)];
    const receipt = await access.tickets.store.commit(lease, { outcome, children });
    const [followUp] = receipt.children;
    const text = `${ticket.key} is ${outcome.status}.${followUp === undefined ? "" : ` Filed ${followUp.key}.`}`;
    const { data } = describeChange({ key: ticket.key, status: outcome.status });
    return { text, data: { ...data, ...(followUp !== undefined && { follow_up: followUp.key }) } };
  },
});

type Ended = Exclude<Outcome, { readonly status: "waiting" }>;

/** @throws ToolInputError saying what of the result does not fit. */
async function toOutcome(
  { schema }: Ticket,
  {
    result,
    failure,
    handover,
  }: { result?: unknown; failure?: string | undefined; handover?: object | undefined },
): Promise<Ended> {
  if (failure !== undefined) {
    if (result !== undefined) throw new ToolInputError("Give result or failure, not both.");
    if (handover !== undefined)
      throw new ToolInputError("A ticket that fails hands nothing over; leave handover out.");
    return { status: "failed", failure: { reason: "given_up", message: failure } };
  }
  if (result === undefined) throw new ToolInputError("result is missing; give it, or failure.");
  if (schema !== undefined) {
    const parsed = await compileSchema(schema).parse(result);
    if (!parsed.ok)
      throw new ToolInputError(
        `The result does not fit the ticket's schema:\n${formatIssues(parsed.issues)}`,
      );
  }
  return { status: "done", result: result as JsonValue };
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
