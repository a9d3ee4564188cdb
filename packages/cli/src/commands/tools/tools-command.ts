import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Perform } from "../../cli/command-context.ts";
import { formatExamples } from "../../cli/examples.ts";

export function toolsCommand(perform: Perform): CommandUnknownOpts {
  return new Command("tools")
    .summary("what the agents can use")
    .description("Shows the tools of the configured agents.")
    .addCommand(
      new Command("list")
        .alias("ls")
        .description(
          "Lists all tools, who has them, and about how many tokens each definition takes of every request.",
        )
        .option("-a, --agent <name>", "only the tools of this agent")
        .option("--schemas", "with their input schemas")
        .option("--json", "print a JSON array, with schemas")
        .addHelpText(
          "after",
          formatExamples([
            ["tools list", ""],
            ["tools list -a reviewer --schemas", ""],
          ]),
        )
        .action((options) =>
          perform(async (context) => {
            const { listTools } = await import("./list-tools.ts");
            return listTools(options, context);
          }),
        ),
    );
}
