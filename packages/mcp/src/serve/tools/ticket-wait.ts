import { z } from "zod";
import { defaultWaitSeconds } from "../limits.ts";
import { ticketView, toTicketView } from "../tickets/ticket-view.ts";
import { defineServedTool, type ServedTool } from "./served-tool.ts";
import { keys, toKeys, waitSeconds } from "./shared-fields.ts";
import { describeWait, waitWithin } from "./wait-output.ts";

export const ticketWait: ServedTool = defineServedTool({
  name: "ticket_wait",
  title: "Wait for tickets",
  profile: "read",
  description:
    "Waits until tickets end or need a person, and brings results, questions and calls to approve. When the time is up it says so; call it again.",
  input: z.strictObject({
    keys,
    until: z.enum(["any", "all"]).default("all").describe("The first of them, or each."),
    wait_seconds: waitSeconds.default(defaultWaitSeconds),
  }),
  output: z.object({
    settled: z.boolean().describe("False: the time was up first."),
    tickets: z.array(ticketView),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(input, call) {
    const seconds = input.wait_seconds;
    const waited = await waitWithin(call, { keys: toKeys(input.keys, "keys"), until: input.until, seconds });
    return {
      text: describeWait(waited, seconds),
      data: { settled: waited.settled, tickets: waited.tickets.map(toTicketView) },
    };
  },
});
