import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Perform } from "../../cli/command-context.ts";
import { formatExamples } from "../../cli/examples.ts";
import { parseDuration, parseList, parsePositive } from "../../cli/parse-values.ts";

export function runCommand(perform: Perform): CommandUnknownOpts {
  return new Command("run")
    .summary("work one ticket here and print its result")
    .description(
      "Works one ticket in this process and prints its result, with the text as it comes on a terminal. Nothing is kept: for tickets that last, use tickets create and work.",
    )
    .argument("<task...>", "what is to be done; - reads it from standard input")
    .option("-a, --agent <name>", "the agent that works it, and that one alone")
    .option("-l, --label <label>", "a label of the ticket; repeat for more", parseList)
    .option("-s, --schema <file>", "a JSON Schema that the result has to fit")
    .option("-m, --model <model>", "another model for all agents, as anthropic:claude-sonnet-5-5")
    .option("--max-cost <dollars>", "stop when so much was spent", parsePositive)
    .option("--max-time <duration>", "stop after a time, as 5m", parseDuration)
    .option("--json", "print one JSON object: the ticket, its result and what it used")
    .addHelpText(
      "after",
      formatExamples([
        ['run "What does package.json describe?"', ""],
        ["run --agent reviewer --schema finding.json - < task.md", "a checked result"],
        ['run --json "Count the TODOs" | jq .result', "for scripts"],
      ]),
    )
    .action((task, options) =>
      perform(async (context) => {
        const { runTask } = await import("./run-task.ts");
        return runTask({ ...options, task }, context);
      }),
    );
}
