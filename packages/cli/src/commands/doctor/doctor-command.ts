import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Perform } from "../../cli/command-context.ts";
import { formatExamples } from "../../cli/examples.ts";

export function doctorCommand(perform: Perform): CommandUnknownOpts {
  return new Command("doctor")
    .summary("find out what is missing")
    .description(
      "Checks Node, the configuration, packages, keys, tools, the store, knowledge and MCP servers, and says how to mend what is wrong. Ends with 1 when something is.",
    )
    .option("--online", "also ask each model for a word, which costs a few tokens")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      formatExamples([
        ["doctor", ""],
        ["doctor --online", "with a request to each model"],
      ]),
    )
    .action((options) =>
      perform(async (context) => {
        const { examine } = await import("./examine.ts");
        return examine(options, context);
      }),
    );
}
