import { createHash } from "node:crypto";
import type { JsonValue, Ticket } from "@agentwerk/core";
import { inputRequired } from "@modelcontextprotocol/server";
import { z } from "zod";
import { approvalForm, type Decision, elicited, readDecision } from "../tickets/approval-form.ts";
import { changedTicket, describeChange, describeSteered } from "./changed-ticket.ts";
import {
  type AskOutput,
  defineServedTool,
  type ServedTool,
  type ToolCall,
  ToolInputError,
} from "./served-tool.ts";
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
  async run({ key, call_id, hash, decision, input, reason }, call) {
    const { access } = call;
    const ticket = await access.get(key);
    const decided =
      decision === "approve"
        ? askPerson(ticket, { callId: call_id, hash, input, call })
        : { kind: decision, ...(reason !== undefined && { reason }) };
    if ("asks" in decided) return decided;
    const pending = { callId: call_id, hash };
    const { kind, ...rest } = decided;
    const by = access.principal.name;
    const changed =
      kind === "approve"
        ? await access.tickets.approve(ticket.key, pending, {
            by,
            ...(input !== undefined && { input: input as JsonValue }),
          })
        : await access.tickets.reject(ticket.key, pending, { by, ...rest });
    if (kind === decision) return describeSteered(changed);
    return describeChange(changed, `The person rejected the call. ${ticket.key} is now ${changed.status}.`);
  },
});

/**
 * What the client's person says, who is asked by the server where the client lets it: a model that claims to have asked
 * is believed only where it does not.
 */
function askPerson(
  ticket: Ticket,
  options: {
    readonly callId: string;
    readonly hash: string;
    readonly input: unknown;
    readonly call: ToolCall;
  },
): Decision | AskOutput {
  const { callId, hash, input, call } = options;
  const pending =
    ticket.waiting?.for === "approval"
      ? ticket.waiting.calls.find((each) => each.callId === callId && each.hash === hash)
      : undefined;
  // A call that does not wait is refused by the system, in its own words.
  if (pending === undefined) return { kind: "approve" };
  if (!call.elicits) {
    if (!call.onlyAsked) return { kind: "approve" };
    throw new ToolInputError(
      `This server takes approvals only from a person whom it asked itself, and this client lets it ask nobody (it declares no elicitation). The call still waits: approve ${ticket.key} by another client or by agentwerk tickets approve, or reject it here.`,
    );
  }
  const asked = { tool: pending.tool, input: input === undefined ? pending.input : input };
  // An answer to a question about other arguments is none to this one.
  const digest = createHash("sha256")
    .update(JSON.stringify([ticket.key, callId, hash, asked]))
    .digest("hex");
  const question = `approve-${digest.slice(0, 32)}`;
  const given = Object.hasOwn(call.answers, question) ? call.answers[question] : undefined;
  if (given === undefined)
    return { asks: { [question]: inputRequired.elicit(approvalForm(ticket.key, asked)) } };
  const decision = readDecision(elicited.safeParse(given).data);
  if (decision !== undefined) return decision;
  throw new ToolInputError(
    `The person did not decide. The call of ${ticket.key} still waits; ask again later.`,
  );
}
