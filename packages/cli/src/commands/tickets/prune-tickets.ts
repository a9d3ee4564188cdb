import { isFinal } from "@agentwerk/core";
import type { CommandContext } from "../../cli/command-context.ts";
import { confirm } from "../../cli/confirm.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { count } from "../../show/format.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { readSet } from "./read-set.ts";
import { lookIntoQueue, withQueue } from "./with-queue.ts";

export interface PruneTicketsOptions {
  readonly query: readonly string[];
  readonly yes?: true | undefined;
  readonly dryRun?: true | undefined;
  readonly json?: true | undefined;
}

export async function pruneTickets(options: PruneTicketsOptions, context: CommandContext): Promise<ExitCode> {
  const { out } = context;
  const { filter } = readSet(options.query);
  const open = options.dryRun === true ? lookIntoQueue : withQueue;
  return open(context, async (tickets) => {
    const matching = (await tickets.find(filter)).filter(({ status }) => isFinal(status)).length;
    if (options.dryRun === true) {
      out.write(
        options.json === true ? toJsonLine({ matching }) : `${count(matching, "ticket")} would be removed.\n`,
      );
      return exitCodes.ok;
    }
    const question = `remove ${count(matching, "ticket")} for good?`;
    if (matching > 0 && !(await confirm(question, { yes: options.yes === true })))
      return exitCodes.interrupted;
    const removed = await tickets.prune(filter);
    out.write(options.json === true ? toJsonLine({ removed }) : `${count(removed, "ticket")} removed.\n`);
    return exitCodes.ok;
  });
}
