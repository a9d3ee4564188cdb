import { AgentwerkError, toErrorMessage } from "@agentwerk/core";
import {
  count,
  fitLine,
  formatCost,
  groupDigits,
  sanitizeLine,
  UsageError,
} from "@agentwerk/use-cases-shared";
import { loadSession } from "../session/load-session.ts";
import { saveSession } from "../session/save-session.ts";
import { findSession, listSessions, titleOf } from "../session/sessions.ts";
import type { Command, CommandHost } from "./command.ts";

const help: Command = {
  name: "help",
  help: "this list",
  run: async (_argument, { terminal }) => {
    const rows = commands.map(
      ({ name, argument = "", help: text }) => [`/${name} ${argument}`, text] as const,
    );
    const lines = rows.map(([head, text]) => `  ${head.padEnd(24)}${text}`);
    const keys = [
      "Enter sends; a backslash at the end of a line goes on with the next one, and a",
      "paste may have many lines. Ctrl-C stops the answer; twice at an empty prompt it",
      "ends the program, as Ctrl-D does.",
    ];
    terminal.write(`${[...lines, ...keys].join("\n")}\n`);
    return "stay";
  },
};

const tools: Command = {
  name: "tools",
  help: "the tools, and which of them ask before they run",
  run: async (_argument, { terminal, sessions }) => {
    const { tools: all, asks } = sessions.tools;
    const lines = all.map(({ name, description }) => {
      const [sentence = ""] = description.split(/(?<=[.:])\s/);
      return fitLine(
        `  ${name.padEnd(16)}${asks(name) ? "asks  " : "runs  "}${sentence}`,
        terminal.columns(),
      );
    });
    terminal.write(`${lines.join("\n")}\n`);
    return "stay";
  },
};

const model: Command = {
  name: "model",
  argument: "[name]",
  help: "the model; with a name, go on with that one",
  run: async (name, { terminal, sessions }) => {
    if (name !== "") await sessions.switchModel(name);
    const { name: current, provider, contextWindow } = sessions.model;
    terminal.write(`${current} from ${provider.name}, ${groupDigits(contextWindow)} tokens\n`);
    return "stay";
  },
};

const cost: Command = {
  name: "cost",
  help: "what this session used",
  run: async (_argument, { terminal, sessions }) => {
    const ticket = await sessions.chat.ticket();
    if (ticket === undefined) return say(terminal, "Nothing yet.");
    const { usage, requests, toolCalls, cost: dollars } = ticket.work;
    const price = sessions.model.price === undefined && dollars === 0 ? "price unknown" : formatCost(dollars);
    const tokens = `${groupDigits(usage.inputTokens)} tokens in, ${groupDigits(usage.outputTokens)} out`;
    return say(
      terminal,
      `${count(requests, "request")}, ${count(toolCalls, "tool call")}, ${tokens}, ${price}`,
    );
  },
};

const compact: Command = {
  name: "compact",
  help: "summarise older messages before the next answer",
  run: async (_argument, { terminal, sessions }) =>
    say(
      terminal,
      (await sessions.compactNext())
        ? "Older messages are summarised before the next answer."
        : "There is nothing to summarise yet.",
    ),
};

const save: Command = {
  name: "save",
  argument: "<file>",
  help: "write the session: .md to read, .json to load again",
  run: async (path, { terminal, sessions }) => {
    const ticket = await sessions.chat.ticket();
    if (path === "") return say(terminal, "Name a file: /save talk.md, or /save talk.json.");
    if (ticket === undefined) return say(terminal, "There is nothing to save yet.");
    if (!(await saveSession(sessions.store, ticket.key, path)))
      return say(terminal, `${sanitizeLine(path)} exists already; name another file.`);
    return say(terminal, `Saved ${ticket.key} to ${path}.`);
  },
};

const load: Command = {
  name: "load",
  argument: "[TICKET-n | file]",
  help: "the sessions; go on with one, or with a saved one",
  run: async (argument, host) => {
    const { terminal, sessions } = host;
    if (argument === "") return listAll(host);
    const isKey = /^(last|ticket-\d+)$/i.test(argument);
    const ticket = isKey
      ? (await findSession(sessions.store, argument)).ticket
      : await loadSession(sessions.store, argument);
    if (!(await sessions.resume(ticket)))
      return say(terminal, `${ticket.key} goes on in another program; end that one first.`);
    await host.showSession();
    return "stay";
  },
};

const clear: Command = {
  name: "clear",
  help: "begin a new session; this one stays and can be loaded",
  run: async (_argument, { terminal, sessions }) => {
    await sessions.begin();
    if (terminal.isLive) terminal.write("\u001b[2J\u001b[3J\u001b[H");
    return say(terminal, "A new session begins.");
  },
};

const exit: Command = { name: "exit", help: "leave; the session goes on next time", run: async () => "exit" };

const commands: readonly Command[] = [help, tools, model, cost, compact, save, load, clear, exit];

/** Names that begin like this line, for the Tab key. */
export function completeCommand(line: string): readonly string[] {
  if (!/^\/\w*$/.test(line)) return [];
  return commands.map(({ name }) => `/${name}`).filter((name) => name.startsWith(line));
}

/** Runs a line that begins with a slash; what goes wrong is told, and the conversation goes on. */
export async function runCommand(line: string, host: CommandHost): Promise<"exit" | "stay"> {
  const [, name = "", argument = ""] = /^\/(\S*)\s*([\s\S]*)$/.exec(line) ?? [];
  const command = commands.find((candidate) => candidate.name === name.toLowerCase());
  if (command === undefined)
    return say(host.terminal, `There is no /${sanitizeLine(name)}; /help lists what there is.`);
  try {
    return await command.run(argument.trim(), host);
  } catch (error) {
    if (!isExpected(error)) throw error;
    return say(host.terminal, sanitizeLine(toErrorMessage(error)));
  }
}

/** Ours, or of the file system. */
function isExpected(error: unknown): boolean {
  return (
    AgentwerkError.isInstance(error) ||
    error instanceof UsageError ||
    (error instanceof Error && "code" in error)
  );
}

async function listAll({ terminal, sessions }: CommandHost): Promise<"stay"> {
  const all = await listSessions(sessions.store);
  const lines = all.map(({ ticket, lastAt }) => {
    const at = new Date(lastAt).toISOString().slice(0, 16).replace("T", " ");
    return `  ${ticket.key.padEnd(12)}${at}  ${sanitizeLine(titleOf(ticket))}`;
  });
  return say(terminal, lines.length === 0 ? "There is no session yet." : lines.join("\n"));
}

function say({ write }: CommandHost["terminal"], text: string): "stay" {
  write(`${text}\n`);
  return "stay";
}
