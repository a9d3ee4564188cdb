import type { Ticket, TicketFilter, TicketSystem } from "@agentwerk/core";
import type { CommandContext } from "../../cli/command-context.ts";
import { confirm } from "../../cli/confirm.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { count } from "../../show/format.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { readSet } from "./read-set.ts";
import { withQueue } from "./with-queue.ts";

interface SetOptions {
  readonly query: readonly string[];
  readonly yes?: true | undefined;
  readonly json?: true | undefined;
}

export interface CancelOptions extends SetOptions {
  readonly reason?: string | undefined;
}

export async function cancelTickets(options: CancelOptions, context: CommandContext): Promise<ExitCode> {
  return steer(options, context, {
    verb: "cancel",
    past: "cancelled",
    fits: ({ status }) => status === "todo" || status === "in_progress" || status === "waiting",
    one: (tickets, { key }) => tickets.cancel(key, options.reason),
    all: (tickets, filter) => tickets.cancelAll(filter, options.reason),
  });
}

export interface RetryOptions extends SetOptions {
  readonly note?: string | undefined;
  readonly label?: readonly string[] | undefined;
  readonly model?: string | undefined;
}

export async function retryTickets(options: RetryOptions, context: CommandContext): Promise<ExitCode> {
  const change = {
    ...(options.note === undefined ? {} : { note: options.note }),
    ...(options.label === undefined ? {} : { labels: options.label }),
    ...(options.model === undefined ? {} : { model: options.model }),
  };
  return steer(options, context, {
    verb: "retry",
    withModels: options.model !== undefined,
    past: "put back",
    fits: ({ status }) => status === "failed",
    one: (tickets, { key }) => tickets.retry(key, change),
    all: (tickets, filter) => tickets.retryAll(filter, change),
  });
}

interface Steering {
  readonly verb: string;
  readonly withModels?: boolean;
  readonly past: string;
  readonly fits: (ticket: Ticket) => boolean;
  /** Rejects where the status forbids it. */
  readonly one: (tickets: TicketSystem, ticket: Pick<Ticket, "key">) => Promise<Ticket>;
  /** Leaves those out. */
  readonly all: (tickets: TicketSystem, filter: TicketFilter) => Promise<readonly Ticket[]>;
}

/** Named tickets are changed one by one, and the first that cannot be is told; those of a query after a question. */
async function steer(options: SetOptions, context: CommandContext, steering: Steering): Promise<ExitCode> {
  const { filter, isQuery } = readSet(options.query);
  const { withModels = false } = steering;
  const change = async (tickets: TicketSystem): Promise<readonly Ticket[] | undefined> => {
    if (!isQuery) {
      const done: Ticket[] = [];
      for (const key of filter.keys ?? []) done.push(await steering.one(tickets, { key }));
      return done;
    }
    const fitting = (await tickets.find(filter)).filter(steering.fits);
    const question = `${steering.verb} ${count(fitting.length, "ticket")}?`;
    if (fitting.length > 0 && !(await confirm(question, { yes: options.yes === true }))) return undefined;
    return steering.all(tickets, { keys: fitting.map(({ key }) => key) });
  };
  const changed = await withQueue(context, change, { withModels });
  if (changed === undefined) return exitCodes.interrupted;
  if (options.json === true) context.out.write(toJsonLine(changed));
  else context.out.write(`${count(changed.length, "ticket")} ${steering.past}.\n`);
  return exitCodes.ok;
}
