import type { AgentwerkEvent, TicketKey, TicketSystem } from "@agentwerk/core";
import type { CommandContext } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { listenForInterrupts } from "../../cli/interrupts.ts";
import { keepAlive } from "../../cli/keep-alive.ts";
import { describeEvent } from "../../show/describe-event.ts";
import { formatTime } from "../../show/format.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { readKey } from "./read-set.ts";
import { lookIntoQueue } from "./with-queue.ts";

export interface WatchTicketsOptions {
  readonly key: string | undefined;
  readonly after?: number | undefined;
  readonly json?: true | undefined;
}

/** Follows the store's log, which holds what all processes did, until somebody interrupts. */
export async function watchTickets(options: WatchTicketsOptions, context: CommandContext): Promise<ExitCode> {
  using interrupts = listenForInterrupts();
  using _alive = keepAlive();
  const ticket = options.key === undefined ? undefined : readKey(options.key);
  await lookIntoQueue(context, async (tickets) => {
    if (ticket !== undefined) await checkKnown(tickets, ticket);
    const after = options.after ?? (await lastEventId(tickets));
    for await (const event of follow(tickets, { after, ticket, signal: interrupts.asked })) {
      show(event, { context, isJson: options.json === true });
    }
  });
  return interrupts.exitCode ?? exitCodes.ok;
}

/**
 * A ticket that was pruned is known by its events.
 * @throws AgentwerkError `not_found`
 */
async function checkKnown(tickets: TicketSystem, ticket: TicketKey): Promise<void> {
  const events = await tickets.eventLog({ ticket, limit: 1 });
  if (events.length === 0) await tickets.ticket(ticket);
}

function show(
  event: AgentwerkEvent,
  { context: { out }, isJson }: { readonly context: CommandContext; readonly isJson: boolean },
): void {
  if (isJson) {
    out.write(toJsonLine(event));
    return;
  }
  const line = describeEvent(event, out);
  if (line !== undefined) out.write(`${out.paint("dim", formatTime(event.at).slice(11, 19))} ${line}\n`);
}

const page = 500;

/** Stored events in order; sleeps until the store tells of a write. */
async function* follow(
  tickets: TicketSystem,
  options: { readonly after: number; readonly ticket: TicketKey | undefined; readonly signal: AbortSignal },
): AsyncGenerator<AgentwerkEvent> {
  const { ticket, signal } = options;
  let { after } = options;
  let wake = (): void => {};
  let isStale = true;
  const notice = (): void => {
    isStale = true;
    wake();
  };
  tickets.store.watch(notice, { signal });
  signal.addEventListener("abort", notice, { once: true });
  while (!signal.aborted) {
    isStale = false;
    const events = await tickets.eventLog({ after, ticket, limit: page });
    yield* events;
    after = events.at(-1)?.id ?? after;
    if (events.length === page || isStale || signal.aborted) continue;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

/** Where "from now on" begins: found by doubling, because a log tells its end only by having no more. */
async function lastEventId(tickets: TicketSystem): Promise<number> {
  let low = 0;
  let step = 1;
  const isBefore = async (id: number): Promise<boolean> =>
    (await tickets.eventLog({ after: id, limit: 1 })).length > 0;
  while (await isBefore(low + step)) {
    low += step;
    step *= 2;
  }
  for (let high = low + step; high - low > 1; ) {
    const middle = Math.floor((low + high) / 2);
    if (await isBefore(middle)) low = middle;
    else high = middle;
  }
  return (await isBefore(low)) ? low + 1 : low;
}
