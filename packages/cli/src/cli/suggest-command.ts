import type { CommandUnknownOpts } from "@commander-js/extra-typings";

/** What people call our commands elsewhere. */
const meanings: ReadonlyMap<string, readonly string[]> = new Map([
  ...named("create", ["add", "new", "file", "submit"]),
  ...named("list", ["ls", "find"]),
  ...named("show", ["get", "view", "cat", "read"]),
  ...named("reply", ["answer", "respond", "comment", "say"]),
  ...named("approve", ["accept", "allow", "confirm"]),
  ...named("reject", ["deny", "refuse", "decline"]),
  ...named("cancel", ["stop", "abort", "kill"]),
  ...named("retry", ["rerun", "restart"]),
  ...named("explain", ["why"]),
  ...named("watch", ["follow", "tail", "log", "events"]),
  // Tickets have no such command: those that are open are cancelled, those that are over pruned.
  ...["delete", "del", "rm", "remove"].map((word) => [word, ["remove", "cancel", "prune"]] as const),
]);

function named(command: string, words: readonly string[]): (readonly [string, readonly string[]])[] {
  return words.map((word) => [word, [command]]);
}

/**
 * The commands that a word probably means at this place, by its meaning and not by its letters: its own, or those of the
 * commands below it.
 */
export function suggestCommands(word: string, command: CommandUnknownOpts): readonly string[] {
  const wanted = [word, ...(meanings.get(word) ?? [])];
  const among = ({ commands }: CommandUnknownOpts): readonly string[] =>
    commands.map((child) => child.name()).filter((name) => wanted.includes(name));
  const own = among(command);
  if (own.length > 0) return own;
  return command.commands.flatMap((child) => among(child).map((name) => `${child.name()} ${name}`));
}
