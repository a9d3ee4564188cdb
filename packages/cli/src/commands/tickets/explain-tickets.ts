import type { Explanation } from "@agentwerk/core";
import type { CommandContext } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { sanitizeLine } from "../../show/sanitize.ts";
import { readKey } from "./read-set.ts";
import { lookIntoQueue } from "./with-queue.ts";

export interface ExplainTicketsOptions {
  readonly key: string | undefined;
  readonly json?: true | undefined;
}

const mostExplained = 50;

export async function explainTickets(
  options: ExplainTicketsOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { out, log } = context;
  const explanations = await lookIntoQueue(context, async (tickets): Promise<readonly Explanation[]> => {
    if (options.key !== undefined) return [await tickets.explain(readKey(options.key))];
    const open = await tickets.find({ status: ["todo", "in_progress", "waiting"], limit: mostExplained });
    return Promise.all(open.map(({ key }) => tickets.explain(key)));
  });
  if (options.json === true) {
    const [first] = explanations;
    out.write(toJsonLine(options.key === undefined ? explanations : first));
    return exitCodes.ok;
  }
  for (const { message } of explanations) out.write(`${sanitizeLine(message)}\n`);
  if (explanations.length === 0) log.write("No ticket is open.\n");
  if (explanations.length === mostExplained)
    log.write(`${log.paint("dim", `The first ${mostExplained}.`)}\n`);
  return exitCodes.ok;
}
