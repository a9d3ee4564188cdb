import type { TicketSystem } from "@agentwerk/core";
import { type CommandContext, openProjectOf } from "../../cli/command-context.ts";
import { type OpenQueueOptions, openQueue } from "../../config/open-system.ts";

/** Opens the configured store for a command that files or steers tickets, and closes it afterwards. */
export async function withQueue<Result>(
  context: CommandContext,
  use: (tickets: TicketSystem) => Promise<Result>,
  options: OpenQueueOptions = {},
): Promise<Result> {
  await using tickets = await openQueue(await openProjectOf(context), options);
  return await use(tickets);
}

/** The same for a command that writes nothing: nobody needs the right to write for it. */
export function lookIntoQueue<Result>(
  context: CommandContext,
  look: (tickets: TicketSystem) => Promise<Result>,
): Promise<Result> {
  return withQueue(context, look, { onlyLooks: true });
}
