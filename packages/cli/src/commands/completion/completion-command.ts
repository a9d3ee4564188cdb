import { Argument, Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Perform } from "../../cli/command-context.ts";
import { formatExamples } from "../../cli/examples.ts";
import { exitCodes } from "../../cli/exit-codes.ts";

export const shells = ["bash", "zsh", "fish"] as const;

export function completionCommand(perform: Perform): CommandUnknownOpts {
  return new Command("completion")
    .summary("completion for bash, zsh or fish")
    .description("Prints a script that completes commands, options, agents and tickets in a shell.")
    .addArgument(new Argument("<shell>", "the shell").choices(shells))
    .addHelpText(
      "after",
      formatExamples([
        ["completion bash > ~/.local/share/bash-completion/completions/agentwerk", ""],
        ["completion zsh > ~/.zsh/completions/_agentwerk", "a folder of your fpath"],
        ["completion fish > ~/.config/fish/completions/agentwerk.fish", ""],
      ]),
    )
    .action((shell) =>
      perform(async ({ out }) => {
        const { completionScript } = await import("./completion-script.ts");
        out.write(completionScript(shell));
        return exitCodes.ok;
      }),
    );
}

/** Asked by the scripts: one candidate a line, with its meaning behind a tab. */
export function completeCommand(perform: Perform, program: () => CommandUnknownOpts): CommandUnknownOpts {
  return new Command("__complete")
    .argument("[words...]", "the words of the line behind agentwerk; the last one is completed")
    .helpOption(false)
    .allowUnknownOption()
    .action((words) =>
      perform(async (context) => {
        const { completeWords } = await import("./complete-words.ts");
        for (const line of await completeWords(program(), { words, context })) context.out.write(`${line}\n`);
        return exitCodes.ok;
      }),
    );
}
