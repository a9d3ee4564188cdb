import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Perform } from "../../cli/command-context.ts";
import { formatExamples } from "../../cli/examples.ts";
import { parseCount, parseDuration, parseList, parsePositive } from "../../cli/parse-values.ts";

export function workCommand(perform: Perform): CommandUnknownOpts {
  return new Command("work")
    .summary("work the queue")
    .description(
      "Lets the configured agents work the queue until stopped. Any number of these can share a store. The first interrupt finishes the turns in hand and gives their tickets back; the second ends at once.",
    )
    .option("--until-dry", "end when nothing is left that could be worked")
    .option("-a, --agent <name>", "only this agent; repeat for more", parseList)
    .option("-j, --concurrency <number>", "tickets that each agent works at once", parseCount)
    .option("--max-steps <number>", "stop after so many tickets were picked up", parseCount)
    .option("--max-cost <dollars>", "stop when so much was spent", parsePositive)
    .option("--max-time <duration>", "stop after a time, as 30m", parseDuration)
    .option("--json", "print each event as a line of JSON")
    .addHelpText(
      "after",
      formatExamples([
        ["work", "work and wait for more"],
        ["work --until-dry --max-cost 5", "for a nightly job"],
        ["work -a reviewer -j 8", "a pool of one kind"],
        ["work --json | jq 'select(.type == \"ticket_failed\")'", "for programs"],
      ]),
    )
    .action((options) =>
      perform(async (context) => {
        const { workQueue } = await import("./work-queue.ts");
        return workQueue(options, context);
      }),
    );
}
