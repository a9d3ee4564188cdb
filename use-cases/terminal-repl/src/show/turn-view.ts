import type { AgentwerkEvent } from "@agentwerk/core";
import {
  describeRecovery,
  fitLine,
  StatusLine,
  StreamSanitizer,
  type Terminal,
  toSeconds,
} from "@agentwerk/use-cases-shared";

export interface TurnViewOptions {
  /** Where the answer goes. */
  readonly answer: Terminal;
  /** Where tool calls and mended slips are told; in a conversation that is the same terminal. */
  readonly notes: Terminal;
}

/** Calls that finish faster than this are not told twice. */
const noticeableMs = 500;

/** Shows one turn as it goes: the answer's text as it comes, a line for each tool call, what was mended. */
export class TurnView {
  readonly #answer: Terminal;
  readonly #notes: Terminal;
  readonly #status: StatusLine;
  #sanitizer = new StreamSanitizer();
  #doing = "thinking";
  #isMidLine = false;
  /** Whether any of the last answer's text came before it was whole. */
  #hasStreamed = false;

  constructor({ answer, notes }: TurnViewOptions) {
    this.#answer = answer;
    this.#notes = notes;
    this.#status = new StatusLine(notes, () => this.#doing);
  }

  /** A turn begins; its first event may take a while, when the ticket has to be taken over from a program that died. */
  start(): void {
    this.#wait("thinking");
  }

  add(event: AgentwerkEvent): void {
    switch (event.type) {
      case "request_started":
        this.#hasStreamed = false;
        this.#wait("thinking");
        return;
      case "text_chunk_received":
        this.#hasStreamed = true;
        this.#write(this.#sanitizer.push(event.text));
        return;
      case "request_finished":
        this.#endText();
        return;
      case "tool_call_started":
        this.note("cyan", "●", `${event.tool} ${JSON.stringify(event.input)}`);
        this.#wait(event.tool);
        return;
      case "tool_progress_reported":
        this.#wait(`${event.tool}: ${event.message}`);
        return;
      case "tool_call_finished":
        if (event.durationMs >= noticeableMs) this.note("dim", " ", `took ${toSeconds(event.durationMs)}`);
        return;
      case "tool_call_failed":
        this.note("red", "✗", `${event.tool}: ${event.message.split("\n", 1)[0] ?? ""}`);
        return;
      case "compaction_finished":
        this.note(
          "yellow",
          "!",
          `older messages summarised: about ${event.before} tokens became ${event.after}`,
        );
        return;
      case "compaction_failed":
        this.note("yellow", "!", `not summarised: ${event.message}`);
        return;
      default: {
        const recovery = describeRecovery(event);
        if (recovery !== undefined) this.note("yellow", "!", recovery);
      }
    }
  }

  /** A line of its own, cut to the terminal's width. */
  note(colour: "cyan" | "dim" | "red" | "yellow", mark: string, text: string): void {
    this.#endText();
    const { paint, columns } = this.#notes;
    const line = fitLine(text, columns() - mark.length - 2);
    this.#status.print(`${paint(colour, mark)} ${colour === "dim" ? paint("dim", line) : line}`);
  }

  /** The whole answer, for a provider that does not stream. */
  finish(answer: string): void {
    if (!this.#hasStreamed) this.#write(this.#sanitizer.push(answer));
    this.stop();
  }

  /** Nothing comes any more. */
  stop(): void {
    this.#endText();
    this.#status.stop();
  }

  #wait(doing: string): void {
    this.#doing = doing;
    if (!this.#isMidLine) this.#status.start();
  }

  #write(text: string): void {
    if (text === "") return;
    this.#status.stop();
    this.#answer.write(text);
    this.#isMidLine = !text.endsWith("\n");
  }

  #endText(): void {
    this.#write(this.#sanitizer.flush());
    this.#sanitizer = new StreamSanitizer();
    if (this.#isMidLine) this.#answer.write("\n");
    this.#isMidLine = false;
  }
}
