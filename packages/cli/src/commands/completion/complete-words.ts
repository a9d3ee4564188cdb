import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { type CommandContext, openProjectOf } from "../../cli/command-context.ts";
import { sanitizeLine } from "../../show/sanitize.ts";
import { taskLine } from "../tickets/ticket-line.ts";
import { lookIntoQueue } from "../tickets/with-queue.ts";

interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/** Tickets that are offered; more would not be read. */
const mostTickets = 30;

/** What could stand in the place of the last word: `word<TAB>meaning`. None where only the shell knows, as for files. */
export async function completeWords(
  program: CommandUnknownOpts,
  { words, context }: { readonly words: readonly string[]; readonly context: CommandContext },
): Promise<readonly string[]> {
  const current = words.at(-1) ?? "";
  const { command, rest } = descend(program, words.slice(0, -1));
  const candidates = await candidatesFor(command, { current, rest, context });
  return candidates
    .filter(({ word }) => word.startsWith(current))
    .map(({ word, meaning }) => `${word}\t${sanitizeLine(meaning).replace(/\.$/, "")}`);
}

/** The command that the words lead to, and the words behind it. */
function descend(
  program: CommandUnknownOpts,
  words: readonly string[],
): { readonly command: CommandUnknownOpts; readonly rest: readonly string[] } {
  let command = program;
  let at = 0;
  for (const [index, word] of words.entries()) {
    const child = command.commands.find(
      (candidate) => candidate.name() === word || candidate.aliases().includes(word),
    );
    if (child === undefined) continue;
    command = child;
    at = index + 1;
  }
  return { command, rest: words.slice(at) };
}

async function candidatesFor(
  command: CommandUnknownOpts,
  {
    current,
    rest,
    context,
  }: { readonly current: string; readonly rest: readonly string[]; readonly context: CommandContext },
): Promise<readonly Candidate[]> {
  const before = rest.at(-1) ?? "";
  const option = command.options.find(
    ({ short, long }) => before !== "" && (before === short || before === long),
  );
  if (option?.required === true) {
    if (option.argChoices !== undefined) return option.argChoices.map(plain);
    if (option.long === "--agent") return agentNames(context);
    if (option.long === "--label") return labelsAndNames(context);
    if (option.long === "--blocked-by" || option.long === "--parent") return ticketKeys(context);
    return [];
  }
  if (current.startsWith("-")) return optionsOf(command);
  if (command.commands.length > 0) return subcommandsOf(command);
  const [argument] = command.registeredArguments;
  if (argument?.argChoices !== undefined) return argument.argChoices.map(plain);
  return /^(key|key or query)$/.test(argument?.name() ?? "") ? ticketKeys(context) : [];
}

function plain(word: string): Candidate {
  return { word, meaning: "" };
}

function optionsOf(command: CommandUnknownOpts): readonly Candidate[] {
  const inherited = command.parent === null ? [] : optionsOf(command.parent);
  const own = command.options.map(({ long, short, description }) => ({
    word: long ?? short ?? "",
    meaning: description,
  }));
  return [...own, { word: "--help", meaning: "show help" }, ...inherited].filter(
    ({ word }, index, all) => all.findIndex((other) => other.word === word) === index,
  );
}

function subcommandsOf(command: CommandUnknownOpts): readonly Candidate[] {
  return command.commands
    .filter((child) => !child.name().startsWith("__"))
    .map((child) => ({ word: child.name(), meaning: child.summary() || child.description() }));
}

async function agentNames(context: CommandContext): Promise<readonly Candidate[]> {
  const { agents } = await openProjectOf(context);
  return agents.map(({ name, description, labels }) => ({
    word: name,
    meaning: description ?? labels.join(", "),
  }));
}

async function labelsAndNames(context: CommandContext): Promise<readonly Candidate[]> {
  const { agents } = await openProjectOf(context);
  const labels = new Set(agents.flatMap(({ name, labels: own }) => [...own, name]));
  return [...labels].map(plain);
}

async function ticketKeys(context: CommandContext): Promise<readonly Candidate[]> {
  const orderBy = [{ field: "key", descending: true }] as const;
  const found = await lookIntoQueue(context, (tickets) => tickets.find({ orderBy, limit: mostTickets }));
  return found.map((ticket) => ({
    word: ticket.key,
    meaning: `${ticket.status}: ${taskLine(ticket).slice(0, 60)}`,
  }));
}
