import {
  Agent,
  AgentwerkError,
  type AgentwerkEvent,
  assertNever,
  type EventType,
  type JsonValue,
  type Model,
  type PendingCall,
  type Ticket,
  type TicketKey,
  type TicketStore,
  TicketSystem,
  type Tool,
} from "@agentwerk/core";
import { prompts } from "../prompts.ts";

export interface ChatOptions {
  /** Holds the sessions; outlives the chat. */
  readonly store: TicketStore;
  /** For long outputs of tools. */
  readonly stateDir: string;
  /** Where tools work. */
  readonly dir: string;
  readonly model: Model;
  readonly tools: readonly Tool[];
  /** The session to go on with; a new one begins with the first message. */
  readonly ticket?: Ticket | undefined;
  /** Tokens above which older messages are summarised before the next request; the core's own limit unless given. */
  readonly compactAbove?: number | undefined;
  readonly onEvent: (event: AgentwerkEvent) => void;
}

/** How a turn ended, as far as the conversation goes. */
export type TurnEnd =
  | { readonly kind: "answered"; readonly text: string }
  /** It goes on when each of these is decided. */
  | { readonly kind: "approval"; readonly calls: readonly PendingCall[] }
  | { readonly kind: "interrupted" }
  | { readonly kind: "failed"; readonly message: string };

export type Verdict =
  | { readonly kind: "approve"; readonly input?: JsonValue | undefined }
  | { readonly kind: "reject"; readonly reason: string };

const shownEvents: readonly EventType[] = [
  "request_started",
  "request_finished",
  "request_retried",
  "text_chunk_received",
  "schema_retried",
  "response_repaired",
  "tool_call_started",
  "tool_call_finished",
  "tool_call_failed",
  "tool_progress_reported",
  "compaction_finished",
  "compaction_failed",
];

/** Short, so that a session of a killed program can go on soon; live ones renew in time. */
const leaseDuration = "5s";
const policy = { maxTurns: 100, maxRequestRetries: 5 };

/**
 * One conversation with one model: a ticket of an interactive agent, which parks after each answer and is woken by a
 * reply. Each turn is a run of its own, so that an interrupt ends the turn and hands the ticket back. The session's own
 * label keeps every other session out of these runs.
 */
export class Chat {
  readonly #system: TicketSystem;
  readonly #label: string;
  #key: TicketKey | undefined;

  constructor({ store, stateDir, dir, model, tools, ticket, compactAbove, onEvent }: ChatOptions) {
    this.#key = ticket?.key;
    this.#label = ticket?.labels[0] ?? `session-${crypto.randomUUID()}`;
    const agent = Agent.bare({
      name: "assistant",
      labels: [this.#label],
      interactive: true,
      model,
      role: prompts.role,
      dir,
      tools,
      policy:
        compactAbove === undefined
          ? {}
          : { compactionThreshold: Math.min(1, Math.max(compactAbove, 1) / model.contextWindow) },
    });
    this.#system = new TicketSystem({ store, dir: stateDir, agents: [agent], policy, leaseDuration });
    for (const type of shownEvents) this.#system.on(type, onEvent);
  }

  /** The session's ticket; none before the first message. */
  async ticket(): Promise<Ticket | undefined> {
    return this.#key === undefined ? undefined : this.#system.get(this.#key);
  }

  /** Adds a message of the person; `work` has the model answer it. */
  async say(text: string): Promise<void> {
    const ticket = await this.ticket();
    if (ticket === undefined) {
      this.#key = (await this.#system.task(text, { labels: [this.#label] })).key;
      return;
    }
    if (ticket.waiting?.for === "approval") {
      for (const call of undecided(ticket))
        await this.decide(call, { kind: "reject", reason: prompts["rejected-interrupt"] });
    }
    if (ticket.status === "failed") await this.#system.retry(ticket.key, { note: text });
    else await this.#system.reply(ticket.key, text, { author: "person" });
  }

  async decide(call: PendingCall, verdict: Verdict): Promise<void> {
    if (this.#key === undefined) return;
    switch (verdict.kind) {
      case "approve": {
        const edit = verdict.input === undefined ? {} : { input: verdict.input };
        await this.#system.approve(this.#key, call, { by: "person", ...edit });
        return;
      }
      case "reject":
        await this.#system.reject(this.#key, call, { by: "person", reason: verdict.reason });
        return;
      default:
        assertNever(verdict);
    }
  }

  /** Works until the model has answered, needs a decision, or the signal aborts. */
  async work(signal: AbortSignal): Promise<TurnEnd> {
    await this.#system.runDry({ signal });
    const ticket = await this.ticket();
    if (ticket?.waiting?.for === "reply") return { kind: "answered", text: ticket.waiting.question };
    if (ticket?.waiting?.for === "approval") return { kind: "approval", calls: undecided(ticket) };
    if (ticket?.status === "failed")
      return { kind: "failed", message: ticket.failure?.message ?? "The turn failed." };
    if (signal.aborted) return { kind: "interrupted" };
    throw new AgentwerkError({
      code: "conflict",
      message: `${ticket?.key ?? "The session"} is ${ticket?.status ?? "gone"}: another program works with it. Begin a new session.`,
    });
  }

  /** Ends what runs; the store stays open. */
  async close(): Promise<void> {
    await this.#system.close();
  }
}

/** The calls of a parked ticket that nobody has decided on. */
export function undecided({ waiting, decisions = [] }: Ticket): readonly PendingCall[] {
  if (waiting?.for !== "approval") return [];
  return waiting.calls.filter(({ callId }) => !decisions.some((made) => made.callId === callId));
}
