import { fstatSync } from "node:fs";
import { join, resolve } from "node:path";
import { text as readAll } from "node:stream/consumers";
import type { AgentwerkEvent } from "@agentwerk/core";
import {
  chooseModel,
  isFolder,
  openTerminal,
  runCommandLine,
  runInterruptible,
  type Terminal,
  UsageError,
} from "@agentwerk/use-cases-shared";
import { chatTools } from "../chat/chat-tools.ts";
import { HistoryFile } from "../keyboard/history-file.ts";
import { Keyboard } from "../keyboard/keyboard.ts";
import { simulatedChat } from "../model/simulated-chat.ts";
import { Repl } from "../repl.ts";
import { runOnce } from "../run-once.ts";
import { SessionHost } from "../session/session-host.ts";
import { findSession, listSessions } from "../session/sessions.ts";
import { TurnView } from "../show/turn-view.ts";
import { type Options, parseOptions, usage } from "./parse-options.ts";

const program = "terminal-repl";

/** Runs a command line; resolves with the exit code: 0 answered or left, 1 failed, 2 a wrong option, 130 interrupted, 143 terminated. */
export function runCli(argv: readonly string[]): Promise<number> {
  return runCommandLine({
    program,
    usage,
    parse: () => parseOptions(argv),
    run: chat,
  });
}

async function chat(options: Options): Promise<number> {
  // A new folder would be an empty place for the tools: rather a slip than a wish.
  if (!(await isFolder(options.dir)))
    throw new UsageError(`--dir ${options.dir} is no folder; name one that exists.`);
  const message = await readMessage(options);
  const out = openTerminal(process.stdout);
  const answer = options.json ? muted(out) : out;
  const view = new TurnView({
    answer,
    notes: message === undefined || options.json ? answer : openTerminal(process.stderr),
  });
  return runInterruptible({
    open: () =>
      SessionHost.open({
        dir: resolve(options.dir),
        tools: chatTools(process.env, { trustAll: options.yes }),
        chooseModel: (name) =>
          chooseModel({
            env: process.env,
            name,
            simulator: { respond: simulatedChat, price: simulatedPrice },
          }),
        modelName: options.model,
        onEvent: (event: AgentwerkEvent) => view.add(event),
      }),
    stop: () => view.stop(),
    work: (sessions, { signal }) =>
      message === undefined
        ? talk(options, { sessions, terminal: out, view, ended: signal })
        : answerOnce(message, options, { sessions, out, view, json: options.json, signal }),
  });
}

/** What a small model takes, so that `/cost` has something to count. */
const simulatedPrice = { input: 0.25, output: 2 };

/** Of a script: `--prompt`, what is piped in, or both; `undefined` when a person is to be talked with. */
async function readMessage({ prompt, json }: Options): Promise<string | undefined> {
  const { stdin, stdout } = process;
  if (prompt !== undefined) {
    const piped = isGiven(stdin) ? (await readAll(stdin)).trim() : "";
    return piped === "" ? prompt : `${prompt}\n\n${piped}`;
  }
  if (stdin.isTTY === true) {
    if (stdout.isTTY === true && !json) return undefined;
    throw new UsageError("A conversation needs a terminal to write to; give --prompt for a single answer.");
  }
  const piped = (await readAll(stdin)).trim();
  if (piped !== "") return piped;
  throw new UsageError("Standard input is empty; give --prompt, or start it in a terminal.");
}

/** Something was piped in on purpose; a socket that a parent left open may never end. */
function isGiven(stdin: NodeJS.ReadStream): boolean {
  if (stdin.isTTY === true) return false;
  const stats = fstatSync(0);
  return stats.isFIFO() || stats.isFile();
}

async function talk(
  { session, isNew }: Options,
  {
    sessions,
    terminal,
    view,
    ended,
  }: {
    readonly sessions: SessionHost;
    readonly terminal: Terminal;
    readonly view: TurnView;
    readonly ended: AbortSignal;
  },
): Promise<number> {
  using keyboard = new Keyboard(process.stdin, process.stdout);
  ended.addEventListener("abort", () => keyboard.end(), { once: true });
  terminal.write(`${terminal.paint("dim", `${sessions.chosen.description}\n/help lists the commands.`)}\n`);
  if (session !== undefined) await resumeNamed(sessions, session);
  else if (!isNew) await resumeLast(sessions);
  const history = new HistoryFile(join(sessions.stateDir, "terminal-repl-history"));
  return await new Repl({ sessions, keyboard, history, terminal, view, ended }).run();
}

async function answerOnce(
  message: string,
  { session }: Options,
  host: Parameters<typeof runOnce>[1],
): Promise<number> {
  if (session !== undefined) await resumeNamed(host.sessions, session);
  return runOnce(message, host);
}

/** The last session that nobody else has. */
async function resumeLast(sessions: SessionHost): Promise<void> {
  for (const { ticket } of await listSessions(sessions.store)) if (await sessions.resume(ticket)) return;
}

async function resumeNamed(sessions: SessionHost, wanted: string): Promise<void> {
  const { ticket } = await findSession(sessions.store, wanted);
  if (await sessions.resume(ticket)) return;
  throw new UsageError(`${ticket.key} goes on in another program; end that one, or begin with --new.`);
}

function muted(terminal: Terminal): Terminal {
  return { ...terminal, isLive: false, write: () => {} };
}
