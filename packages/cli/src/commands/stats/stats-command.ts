import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Perform } from "../../cli/command-context.ts";
import { formatExamples } from "../../cli/examples.ts";

export function statsCommand(perform: Perform): CommandUnknownOpts {
  return new Command("stats")
    .summary("what was done, by label and agent")
    .description(
      "Shows what was done and what it took, in all, by label and by agent. A ticket counts for each of its labels.",
    )
    .option("--agents", "the part by agent also where it has to look at many tickets, as --json always does")
    .option("--no-agents", "leave out the part by agent")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      formatExamples([
        ["stats", ""],
        ["stats --json | jq .all.cost", "for scripts"],
      ]),
    )
    .action((options) =>
      perform(async (context) => {
        const { showStats } = await import("./show-stats.ts");
        return showStats(options, context);
      }),
    );
}
