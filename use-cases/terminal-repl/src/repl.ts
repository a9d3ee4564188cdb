import { assertNever } from "@agentwerk/core";
import { fitLine, sanitize, type Terminal } from "@agentwerk/use-cases-shared";
import { askApproval } from "./approvals.ts";
import { undecided } from "./chat/chat.ts";
import { completeCommand, runCommand } from "./commands/commands.ts";
import type { HistoryFile } from "./keyboard/history-file.ts";
import type { Keyboard } from "./keyboard/keyboard.ts";
import type { SessionHost } from "./session/session-host.ts";
import { toTranscript } from "./session/transcript.ts";
import type { TurnView } from "./show/turn-view.ts";

export interface ReplOptions {
  readonly sessions: SessionHost;
  readonly keyboard: Keyboard;
  readonly history: HistoryFile;
  readonly terminal: Terminal;
  readonly view: TurnView;
  /** Aborts when a supervisor asks the program to end. */
  readonly ended: AbortSignal;
}

/** Entries of a session that are shown when it goes on. */
const shownEntries = 6;

/** Reads, answers, and reads again, until the person leaves. */
export class Repl {
  readonly #options: ReplOptions;

  constructor(options: ReplOptions) {
    this.#options = options;
  }

  /** Resolves with the exit code: 0 after `/exit` or Ctrl-D, 130 after two interrupts at an empty prompt. */
  async run(): Promise<number> {
    const { sessions, terminal } = this.#options;
    await this.showSession();
    const ticket = await sessions.chat.ticket();
    // What waited for consent when the program ended waits still.
    if (ticket?.waiting?.for === "approval") await this.#takeTurn();
    let interrupts = 0;
    for (;;) {
      const message = await this.#readMessage();
      if (message.kind === "end") return 0;
      if (message.kind === "line") {
        interrupts = 0;
        if ((await this.#handle(message.text)) === "exit") return 0;
      } else if (message.wasEmpty) {
        if (++interrupts === 2) return 130;
        terminal.write(terminal.paint("dim", "Ctrl-C again ends the program.\n"));
      }
    }
  }

  /** A command, a message, or Enter alone, which goes on with a turn that was not finished. */
  async #handle(text: string): Promise<"exit" | "stay"> {
    const { sessions, terminal } = this.#options;
    if (text.startsWith("/")) {
      return runCommand(text, { sessions, terminal, showSession: () => this.showSession() });
    }
    if (text !== "") await sessions.say(text);
    else if (!(await this.#isUnfinished())) return "stay";
    await this.#takeTurn();
    return "stay";
  }

  /** The end of the session that goes on, as far as there is one. */
  async showSession(): Promise<void> {
    const { sessions, terminal } = this.#options;
    const ticket = await sessions.chat.ticket();
    if (ticket === undefined) return;
    const { paint, columns } = terminal;
    const entries = toTranscript(ticket, await sessions.store.replies(ticket.key));
    const lines = [paint("dim", `${ticket.key} goes on; /clear begins a new session.`)];
    for (const entry of entries.slice(-shownEntries)) {
      if (entry.kind === "call")
        lines.push(`${paint("cyan", "●")} ${fitLine(`${entry.tool} ${entry.input}`, columns() - 3)}`);
      else if (entry.kind === "person") lines.push(`${paint("bold", "›")} ${sanitize(entry.text)}`);
      else if (entry.kind === "model") lines.push(sanitize(entry.text));
    }
    if (await this.#isUnfinished())
      lines.push(paint("yellow", "The last turn did not come to its end: Enter goes on with it."));
    terminal.write(`${lines.join("\n")}\n`);
  }

  /** A turn was interrupted, or its program ended in the middle. */
  async #isUnfinished(): Promise<boolean> {
    const status = (await this.#options.sessions.chat.ticket())?.status;
    return status === "todo" || status === "in_progress";
  }

  async #readMessage() {
    const { keyboard, history, terminal } = this.#options;
    const lines: string[] = [];
    for (;;) {
      const prompt = lines.length === 0 ? "› " : "… ";
      const line = await keyboard.readLine({
        prompt: terminal.paint("bold", prompt),
        history: history.entries,
        complete: completeCommand,
      });
      if (line.kind === "end") return line;
      if (line.kind === "interrupt")
        return { kind: line.kind, wasEmpty: line.wasEmpty && lines.length === 0 };
      if (line.text.endsWith("\\")) {
        lines.push(line.text.slice(0, -1));
        continue;
      }
      const text = [...lines, line.text].join("\n").trim();
      history.add(text);
      return { kind: "line" as const, text };
    }
  }

  /** One turn: the model answers, tools run, the person is asked where a call needs consent. */
  async #takeTurn(): Promise<void> {
    const { sessions, keyboard, view, ended } = this.#options;
    try {
      for (;;) {
        view.start();
        const stop = new AbortController();
        keyboard.onInterrupt = () => stop.abort();
        const end = await sessions.chat.work(AbortSignal.any([stop.signal, ended]));
        keyboard.onInterrupt = () => {};
        if (end.kind === "answered") view.finish(end.text);
        else view.stop();
        switch (end.kind) {
          case "answered":
            return;
          case "interrupted":
            view.note("yellow", "!", "Stopped. Say what to do instead, or press Enter to go on.");
            return;
          case "failed":
            view.note("red", "✗", `${end.message} ${sessions.chosen.advice}`);
            return;
          case "approval":
            if (await this.#askApprovals()) return;
            break;
          default:
            assertNever(end);
        }
      }
    } finally {
      await sessions.endTurn();
    }
  }

  /** Answers whether the person stopped the turn; all that waited is rejected then. */
  async #askApprovals(): Promise<boolean> {
    const { sessions, keyboard, terminal } = this.#options;
    const ticket = await sessions.chat.ticket();
    let isStopped = false;
    for (const call of ticket === undefined ? [] : undecided(ticket)) {
      const { verdict, stop } = await askApproval(call, { keyboard, terminal, tools: sessions.tools });
      if (stop) {
        isStopped = true;
        break;
      }
      await sessions.chat.decide(call, verdict);
    }
    return isStopped;
  }
}
