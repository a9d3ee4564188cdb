import type { AgentwerkEvent, JsonValue, TicketKey, TicketSystem } from "@agentwerk/core";
import type { CommandContext } from "../../cli/command-context.ts";
import { describeEvent } from "../../show/describe-event.ts";
import { StreamSanitizer } from "../../show/sanitize.ts";

/** From here on a pipe is told, too, why nothing comes. */
const longWaitMs = 2_000;

export interface StreamedAnswerOptions extends CommandContext {
  /** Shows nothing but that tools are missing. */
  readonly isQuiet: boolean;
}

/**
 * What an agent says, as it says it, on a terminal; a pipe gets the result alone. Tool calls are told in between, on
 * standard error.
 */
export class StreamedAnswer {
  readonly #options: StreamedAnswerOptions;
  readonly #isStreaming: boolean;
  readonly #sanitizer = new StreamSanitizer();
  /** Of the turn that goes on. */
  #text = "";
  /** The last character written was no line feed. */
  #isMidLine = false;

  constructor(options: StreamedAnswerOptions) {
    this.#options = options;
    this.#isStreaming = !options.isQuiet && options.out.isTerminal;
  }

  follow(tickets: TicketSystem, key: TicketKey): void {
    const { isQuiet, log, globals } = this.#options;
    // An answer without its tools looks like any other: this is told everywhere.
    tickets.on("tool_source_failed", (event) => this.#tell(event));
    if (isQuiet) return;
    if (this.#isStreaming) {
      tickets.on("turn_started", ({ ticket }) => {
        if (ticket === key) this.#startTurn();
      });
      tickets.on("text_chunk_received", ({ ticket, text }) => {
        if (ticket !== key) return;
        this.#text += text;
        this.#write(this.#sanitizer.push(text));
      });
    }
    if (!log.isTerminal && globals.verbose !== true) {
      this.#tellLongWaits(tickets);
      return;
    }
    for (const type of [
      "tool_call_started",
      "tool_call_failed",
      "request_retried",
      "schema_retried",
      "ticket_created",
    ] as const) {
      tickets.on(type, (event) => {
        if (event.type !== "ticket_created" || event.ticket !== key) this.#tell(event);
      });
    }
  }

  /** A vendor that does not answer would otherwise look like a program that hangs. */
  #tellLongWaits(tickets: TicketSystem): void {
    tickets.on("request_retried", (event) => {
      if (event.delayMs >= longWaitMs) this.#tell(event);
    });
  }

  #tell(event: AgentwerkEvent): void {
    const { log } = this.#options;
    const line = describeEvent(event, log);
    if (line === undefined) return;
    this.pause();
    log.write(`${line}\n`);
  }

  /** Ends the line that is being written. */
  pause(): void {
    if (this.#isMidLine) this.#options.out.write("\n");
    this.#isMidLine = false;
  }

  end(): void {
    this.#write(this.#sanitizer.flush());
    this.pause();
  }

  /** Whether a result is the text that was shown last. */
  hasShown(result: JsonValue | undefined): boolean {
    return (
      this.#isStreaming &&
      typeof result === "string" &&
      result.trim() !== "" &&
      result.trim() === this.#text.trim()
    );
  }

  #startTurn(): void {
    this.end();
    this.#text = "";
  }

  #write(text: string): void {
    if (text === "") return;
    this.#options.out.write(text);
    this.#isMidLine = !text.endsWith("\n");
  }
}
