import { isDeepStrictEqual } from "node:util";
import { AgentwerkError, type JsonValue, type SchemaSource } from "@agentwerk/core";
import { z } from "zod";
import { withoutPatterns } from "../../mount/tools/without-patterns.ts";
import { longestWaitSeconds } from "../limits.ts";
import type { Principal } from "../principal.ts";
import { describeTicket, ticketView, toTicketView } from "../tickets/ticket-view.ts";
import { defineServedTool, type ServedTool, ToolInputError } from "./served-tool.ts";
import { labels, toKeys } from "./shared-fields.ts";
import { describeWait, waitWithin } from "./wait-output.ts";

export const ticketFile: ServedTool = defineServedTool({
  name: "ticket_file",
  title: "File a ticket",
  profile: "file",
  description:
    "Files a ticket: work for an agent. Say everything in task; the agent sees nothing of this conversation. Answers with the key at once, or after wait_seconds with what became of it. Then: ticket_wait.",
  input: z.strictObject({
    task: z
      .union([z.string().min(1), z.record(z.string(), z.unknown())])
      .describe("What is to be done: text, or JSON where the label expects it."),
    labels: labels
      .optional()
      .describe("Who takes it: an agent with one of these labels. None: an agent without labels."),
    schema: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("JSON Schema of the result. Without it the result is free text or JSON."),
    priority: z.number().optional().describe("Higher goes first; 0 unless given."),
    blocked_by: z.array(z.string()).max(100).optional().describe("Keys that must be done first."),
    parent: z.string().optional().describe("Key of the ticket that this is part of."),
    idempotency_key: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe("Filing again with the same key answers with the same ticket. Use one when you may retry."),
    wait_seconds: z.number().min(0).max(longestWaitSeconds).optional().describe("0 unless given."),
  }),
  output: z.object({
    ticket: ticketView,
    settled: z.boolean().describe("Ended, or waits for a person."),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  async run(input, call) {
    const { access } = call;
    if (input.schema !== undefined) refusePatterns(input.schema, access.principal);
    const blockedBy = toKeys(input.blocked_by ?? [], "blocked_by");
    if (blockedBy.length > 0) await access.getAll(blockedBy);
    const parent = input.parent === undefined ? undefined : (await access.get(input.parent)).key;
    const handle = await access.tickets.task(input.task as JsonValue, {
      labels: input.labels,
      schema: input.schema as SchemaSource | undefined,
      priority: input.priority,
      blockedBy,
      parent,
      reporter: access.principal.name,
      idempotencyKey: input.idempotency_key === undefined ? undefined : access.scoped(input.idempotency_key),
    });
    const filed = await handle.get();
    const { idempotency_key } = input;
    if (idempotency_key !== undefined && !isDeepStrictEqual(filed.task, input.task))
      throw keyWasUsed(idempotency_key, filed.key);
    if (call.takesTask && input.wait_seconds !== 0) return { taskId: filed.key };
    const seconds = input.wait_seconds ?? 0;
    if (seconds === 0) {
      const settled = filed.status !== "todo" && filed.status !== "in_progress";
      const text = filed.status === "todo" ? `Filed ${filed.key}.` : describeTicket(filed);
      return { text, data: { ticket: toTicketView(filed), settled } };
    }
    const waited = await waitWithin(call, { keys: [filed.key], until: "all", seconds });
    const [ticket = filed] = waited.tickets;
    return {
      text: describeWait(waited, seconds),
      data: { ticket: toTicketView(ticket), settled: waited.settled },
    };
  },
});

function keyWasUsed(idempotencyKey: string, key: string): AgentwerkError {
  const message = `idempotency_key ${idempotencyKey} was used for ${key}, which has another task; use a new one.`;
  return new AgentwerkError({ code: "conflict", field: "idempotency_key", message });
}

/** A regular expression and the value for it can hold up whoever checks the result for good; both come from one client. */
function refusePatterns(schema: Readonly<Record<string, unknown>>, { sees }: Principal): void {
  if (sees === "all" || isDeepStrictEqual(withoutPatterns(schema), schema)) return;
  throw new ToolInputError(
    "schema holds pattern or patternProperties, which this server does not take from you; use enum, format or lengths.",
  );
}
