import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { closest } from "../config/closest.ts";

/** `help`, and `help tickets create`: of the command that the words lead to, from the one that it stands in. */
export function helpCommand(of: CommandUnknownOpts): CommandUnknownOpts {
  return new Command("help")
    .description("show the help of a command")
    .argument("[command...]")
    .action((words) => find(of, words).help());
}

function find(command: CommandUnknownOpts, [word, ...rest]: readonly string[]): CommandUnknownOpts {
  if (word === undefined) return command;
  const child = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
  if (child !== undefined) return find(child, rest);
  const near = closest(
    word,
    command.commands.map((one) => one.name()),
  );
  // As commander itself tells it.
  return command.error(`unknown command '${word}'${near === undefined ? "" : `\n(Did you mean ${near}?)`}`);
}
