import { once } from "node:events";
import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import type { Ticket, TicketFilter, TicketSystem } from "@agentwerk/core";
import type { CommandContext } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { count } from "../../show/format.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { readOptionalSet } from "./read-set.ts";
import { lookIntoQueue } from "./with-queue.ts";

export interface ExportTicketsOptions {
  readonly query: readonly string[];
  readonly output?: string | undefined;
  readonly replies?: true | undefined;
}

const page = 500;

/** Page by page, so that a store of any size is exported in little memory. */
export async function exportTickets(
  options: ExportTicketsOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const set = readOptionalSet(options.query);
  const total = await lookIntoQueue(context, async (tickets) => {
    const stream = options.output === undefined ? process.stdout : createWriteStream(options.output);
    let written = 0;
    for await (const ticket of walk(tickets, set)) {
      const line =
        options.replies === true ? { ...ticket, conversation: await tickets.replies(ticket.key) } : ticket;
      await write(stream, toJsonLine(line));
      written++;
    }
    if (stream !== process.stdout) {
      stream.end();
      await finished(stream);
    }
    return written;
  });
  if (options.output !== undefined) context.log.write(`${count(total, "ticket")} in ${options.output}\n`);
  return exitCodes.ok;
}

async function* walk(tickets: TicketSystem, set: TicketFilter): AsyncGenerator<Ticket> {
  // An order or a limit of the query's own is for the whole: it is asked in one go.
  if (set.limit !== undefined || (set.orderBy?.length ?? 0) > 0) {
    yield* await tickets.find(set);
    return;
  }
  let after: Ticket["key"] | undefined;
  for (;;) {
    const found = await tickets.find({ ...set, after, limit: page });
    yield* found;
    after = found.at(-1)?.key;
    if (found.length < page) return;
  }
}

async function write(stream: Writable, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, "drain");
}
