import type { TicketSystem } from "@agentwerk/core";
import { type CommandContext, openProjectOf } from "../../cli/command-context.ts";
import { openQueue } from "../../config/open-system.ts";

/** Opens the configured store for a command that looks into it or steers it, and closes it afterwards. */
export async function withQueue<Result>(
  context: CommandContext,
  use: (tickets: TicketSystem) => Promise<Result>,
  options: { readonly withModels?: boolean } = {},
): Promise<Result> {
  await using tickets = await openQueue(await openProjectOf(context), options);
  return await use(tickets);
}
