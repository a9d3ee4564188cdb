import type { Ticket, TicketKey } from "@agentwerk/core";
import { describeTicket, describeTurns } from "../tickets/ticket-view.ts";
import { isSettled, type WaitResult, waitForTickets } from "../tickets/wait-for-tickets.ts";
import type { ToolCall } from "./served-tool.ts";

/** The same is not said again before. */
const repeatSeconds = 1;

/** Waits as a tool call, with progress for the client. */
export function waitWithin(
  { access, watch, signal, closing, report }: ToolCall,
  options: { readonly keys: readonly TicketKey[]; readonly until: "any" | "all"; readonly seconds: number },
): Promise<WaitResult> {
  const { keys, until, seconds } = options;
  let last = -1;
  let said = "";
  return waitForTickets({
    access,
    watch,
    keys,
    until,
    signal,
    closing,
    waitMs: seconds * 1_000,
    onProgress({ elapsedMs, tickets }) {
      // Progress has to grow with each notification.
      const progress = Math.max(last + 0.001, elapsedMs / 1_000);
      const message = summarise(tickets);
      if (message === said && progress < last + repeatSeconds) return;
      last = progress;
      said = message;
      report({ progress, total: Math.max(seconds, progress), message });
    },
  });
}

export function describeWait({ tickets, settled, closing }: WaitResult, seconds: number): string {
  const parts = tickets.map((ticket) => describeTicket(ticket));
  if (settled) return parts.join("\n\n");
  const open = tickets.filter((ticket) => !isSettled(ticket)).map(({ key }) => key);
  const last = closing
    ? `Still open: ${open.join(", ")}. This server closes; call ticket_wait again when it is back.`
    : `After ${seconds} s still open: ${open.join(", ")}. Call ticket_wait again; ticket_get says why one stands still.`;
  return [...parts, last].join("\n\n");
}

function summarise(tickets: readonly Ticket[]): string {
  if (tickets.length === 1 && tickets[0] !== undefined) {
    const { key, status } = tickets[0];
    return `${key} ${status}, ${describeTurns(tickets[0])}`;
  }
  const settled = tickets.filter(isSettled).length;
  return `${settled} of ${tickets.length} tickets settled`;
}
