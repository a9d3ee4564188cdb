import { createRequire } from "node:module";
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { completeCommand, completionCommand } from "../commands/completion/completion-command.ts";
import { createPluginCommand } from "../commands/create-plugin/create-plugin-command.ts";
import { doctorCommand } from "../commands/doctor/doctor-command.ts";
import { initCommand } from "../commands/init/init-command.ts";
import { knowledgeCommand } from "../commands/knowledge/knowledge-command.ts";
import { mcpCommand } from "../commands/mcp/mcp-command.ts";
import { runCommand } from "../commands/run/run-command.ts";
import { statsCommand } from "../commands/stats/stats-command.ts";
import { storeCommand } from "../commands/store/store-command.ts";
import { ticketsCommand } from "../commands/tickets/tickets-command.ts";
import { toolsCommand } from "../commands/tools/tools-command.ts";
import { workCommand } from "../commands/work/work-command.ts";
import type { GlobalOptions, Perform } from "./command-context.ts";
import { formatExamples } from "./examples.ts";
import { helpCommand } from "./help-command.ts";
import { suggestCommands } from "./suggest-command.ts";

const exitCodesText = `

Exit codes:
  0    done
  1    the ticket failed, a check failed, or something else went wrong
  2    the command line or the configuration is wrong
  3    tickets are left open: parked for a person, or no agent takes them
  4    a limit of the policy was reached
  130  interrupted (143: terminated, 129: the terminal was closed)`;

/** The command line. Commands are only described here: what they do is loaded when one is asked for. */
export function createProgram(perform: Perform): {
  readonly program: CommandUnknownOpts;
  readonly globals: () => GlobalOptions;
} {
  const program = new Command("agentwerk")
    .description("Put tickets on a queue and let agents work them.")
    .version(readVersion(), "-V, --version", "print the version")
    .option(
      "-c, --config <file>",
      "the configuration or its folder; the next agentwerk.config.* upwards unless given",
    )
    .option("--verbose", "tell more, and where an error came from")
    .addHelpText(
      "after",
      formatExamples([
        ["init", "write agentwerk.config.ts and an example agent"],
        ['run "What does package.json describe?"', "one ticket, answered here"],
        ['tickets create "Audit src/auth.ts" -l security', "file a ticket"],
        ["work --until-dry", "work the queue until it is empty"],
        ["doctor", "find out what is missing"],
      ]) + exitCodesText,
    );
  const commands = [
    initCommand(perform),
    runCommand(perform),
    workCommand(perform),
    ticketsCommand(perform),
    knowledgeCommand(perform),
    statsCommand(perform),
    toolsCommand(perform),
    mcpCommand(perform),
    storeCommand(perform),
    doctorCommand(perform),
    createPluginCommand(perform),
    completionCommand(perform),
  ];
  for (const command of commands) program.addCommand(command);
  program.addCommand(
    completeCommand(perform, () => program),
    { hidden: true },
  );
  for (const group of [...walk(program)].filter(({ commands: [first] }) => first !== undefined)) {
    group.helpCommand(false).addCommand(helpCommand(group));
  }
  for (const command of walk(program)) command.exitOverride().configureOutput({ outputError: tell(command) });
  for (const command of walk(program)) {
    command.helpOption("-h, --help", "show help").configureHelp({ showGlobalOptions: true });
  }
  return { program, globals: () => program.opts() };
}

function* walk(command: CommandUnknownOpts): Generator<CommandUnknownOpts> {
  yield command;
  for (const child of command.commands) yield* walk(child);
}

/** What is wrong with a line, with what was probably meant, on one line. */
function tell(command: CommandUnknownOpts): (text: string, write: (text: string) => void) => void {
  return (text, write) => {
    const problem = withMeaning(text.replace(/^error: /, "").trim(), command)
      .replace(/\n\(Did you mean (.+)\?\)$/s, " (did you mean $1?)")
      .replaceAll(/\s*\n\s*/g, " ")
      .replace(/^command-argument value '(.*)' is invalid for argument '(.+?)'\./, "<$2> cannot be '$1'.")
      .replace(/\.$/, "");
    write(`agentwerk: ${problem}; see ${pathOf(command)} --help\n`);
  };
}

/** Commander suggests what is spelt alike; a command that means the same goes before. */
function withMeaning(problem: string, command: CommandUnknownOpts): string {
  const [start, word] = /^unknown command '(.*?)'/s.exec(problem) ?? [];
  if (start === undefined || word === undefined) return problem;
  const meant = suggestCommands(word, command);
  if (meant.length === 0) return problem;
  return `${start} (did you mean ${meant.length > 1 ? "one of " : ""}${meant.join(", ")}?)`;
}

function pathOf(command: CommandUnknownOpts): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function readVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)("agentwerk/package.json");
  const version = typeof manifest === "object" && manifest !== null ? Reflect.get(manifest, "version") : "";
  return String(version);
}
