import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Perform } from "../../cli/command-context.ts";
import { formatExamples } from "../../cli/examples.ts";

export function initCommand(perform: Perform): CommandUnknownOpts {
  return new Command("init")
    .summary("write a configuration and an example agent")
    .description(
      "Asks a few questions and writes agentwerk.config.ts, agents/assistant.md and a line of .gitignore. What is there is never overwritten without asking.",
    )
    .argument("[folder]", "where; here unless given")
    .option("-y, --yes", "ask nothing, take what the environment suggests, keep what is there")
    .option(
      "-m, --model <model>",
      'as "anthropic:claude-sonnet-5-5", or env for what the environment describes',
    )
    .option("--force", "overwrite what is there")
    .option("--install", "install the packages that it needs; with --yes they are only named otherwise")
    .option("--json", "print what was done as JSON; only with --yes")
    .addHelpText(
      "after",
      formatExamples([
        ["init", "with questions"],
        ["init --yes --install", "for scripts"],
      ]),
    )
    .action((folder, options) =>
      perform(async (context) => {
        const { initProject } = await import("./init-project.ts");
        return initProject({ ...options, folder }, context);
      }),
    );
}
