import type { TicketFilter, TicketStatus } from "@agentwerk/core";
import type { CommandContext } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { formatTable } from "../../show/table.ts";
import { readOptionalSet } from "./read-set.ts";
import { ticketColumns } from "./ticket-line.ts";
import { lookIntoQueue } from "./with-queue.ts";

export interface ListTicketsOptions {
  readonly query: readonly string[];
  readonly status?: TicketStatus | undefined;
  readonly label?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  readonly json?: true | undefined;
}

const usualLimit = 50;

export async function listTickets(options: ListTicketsOptions, context: CommandContext): Promise<ExitCode> {
  const { out, log } = context;
  const set = readOptionalSet(options.query);
  const limit = Math.min(options.limit ?? Number.POSITIVE_INFINITY, set.limit ?? Number.POSITIVE_INFINITY);
  const most = Number.isFinite(limit) ? limit : usualLimit;
  const orderBy = set.orderBy === undefined || set.orderBy.length === 0 ? newestFirst : set.orderBy;
  const filter: TicketFilter = {
    ...set,
    status: options.status === undefined ? undefined : [options.status],
    labels: options.label,
    orderBy,
    // One more, to know whether there are more.
    limit: most + 1,
  };
  const found = await lookIntoQueue(context, (tickets) => tickets.find(filter));
  const shown = found.slice(0, most);
  if (options.json === true) {
    out.write(toJsonLine(shown));
    return exitCodes.ok;
  }
  if (shown.length === 0) log.write("No tickets.\n");
  else out.write(formatTable(shown, { columns: ticketColumns(Date.now()), terminal: out }));
  if (found.length > most && !Number.isFinite(limit)) {
    log.write(`${log.paint("dim", `The newest ${most}; --limit shows more.`)}\n`);
  }
  return exitCodes.ok;
}

const newestFirst = [{ field: "key", descending: true }] as const;
