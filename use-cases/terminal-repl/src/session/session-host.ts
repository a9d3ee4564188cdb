import { join } from "node:path";
import { type AgentwerkEvent, type Model, makeFolder, type Ticket, type TicketStore } from "@agentwerk/core";
import { sqliteStore } from "@agentwerk/core/sqlite";
import type { ChosenModel } from "@agentwerk/use-cases-shared";
import { Chat } from "../chat/chat.ts";
import type { ChatTools } from "../chat/chat-tools.ts";
import { SessionLock } from "./session-lock.ts";

export interface SessionHostOptions {
  /** Tools work here, and `.agentwerk` lies here. */
  readonly dir: string;
  readonly tools: ChatTools;
  readonly chooseModel: (name: string | undefined) => Promise<ChosenModel>;
  readonly modelName: string | undefined;
  readonly onEvent: (event: AgentwerkEvent) => void;
}

/** Of the tokens of the last request: above this, `/compact` has older messages summarised. */
const compactedShare = 0.6;

/** The sessions of a folder, and the one that goes on here with its model. */
export class SessionHost {
  readonly store: TicketStore;
  readonly stateDir: string;
  readonly #options: SessionHostOptions;
  readonly #lock: SessionLock;
  #chosen: ChosenModel;
  #chat: Chat;
  #isCompacting = false;

  /** @throws AgentwerkError when the folder, the model or the database cannot be had. */
  static async open(options: SessionHostOptions): Promise<SessionHost> {
    const stateDir = join(options.dir, ".agentwerk");
    await makeFolder(stateDir, { mode: 0o700 });
    const store = sqliteStore({ path: join(stateDir, "tickets.db"), namespace: "terminal-repl" });
    try {
      return new SessionHost(options, {
        store,
        stateDir,
        chosen: await options.chooseModel(options.modelName),
      });
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  private constructor(
    options: SessionHostOptions,
    opened: { readonly store: TicketStore; readonly stateDir: string; readonly chosen: ChosenModel },
  ) {
    this.#options = options;
    this.store = opened.store;
    this.stateDir = opened.stateDir;
    this.#lock = new SessionLock(opened.stateDir);
    this.#chosen = opened.chosen;
    this.#chat = this.#start(undefined);
  }

  get chat(): Chat {
    return this.#chat;
  }

  get model(): Model {
    return this.#chosen.model;
  }

  get chosen(): ChosenModel {
    return this.#chosen;
  }

  get tools(): ChatTools {
    return this.#options.tools;
  }

  /** Goes on with a session; answers false, and changes nothing, when another living program has it. */
  async resume(ticket: Ticket): Promise<boolean> {
    if (!this.#lock.take(ticket.key)) return false;
    await this.#replace(ticket);
    return true;
  }

  /** The next message begins a new session. */
  async begin(): Promise<void> {
    this.#lock.release();
    await this.#replace(undefined);
  }

  /** Adds a message; a session that it begins is this program's. */
  async say(text: string): Promise<void> {
    await this.#chat.say(text);
    const ticket = await this.#chat.ticket();
    if (ticket !== undefined) this.#lock.take(ticket.key);
  }

  /** The session goes on with another model. */
  async switchModel(name: string): Promise<void> {
    const chosen = await this.#options.chooseModel(name);
    const before = this.#chosen;
    this.#chosen = chosen;
    await this.#replace(await this.#chat.ticket());
    await before.close();
  }

  /**
   * Has older messages summarised before the next request, by lowering the agent's limit until the turn is over. Answers
   * false when there was no request yet.
   */
  async compactNext(): Promise<boolean> {
    const ticket = await this.#chat.ticket();
    const tokens = ticket === undefined ? undefined : await this.#lastRequestTokens(ticket);
    if (tokens === undefined) return false;
    this.#isCompacting = true;
    await this.#replace(ticket, Math.floor(tokens * compactedShare));
    return true;
  }

  /** To be called when a turn has ended. */
  async endTurn(): Promise<void> {
    if (!this.#isCompacting) return;
    this.#isCompacting = false;
    await this.#replace(await this.#chat.ticket());
  }

  async close(): Promise<void> {
    await this.#chat.close();
    this.#lock.release();
    await this.store.close();
    await this.#chosen.close();
  }

  async #replace(ticket: Ticket | undefined, compactAbove?: number): Promise<void> {
    const before = this.#chat;
    this.#chat = this.#start(ticket, compactAbove);
    await before.close();
  }

  #start(ticket: Ticket | undefined, compactAbove?: number): Chat {
    const { dir, tools, onEvent } = this.#options;
    return new Chat({
      store: this.store,
      stateDir: this.stateDir,
      dir,
      model: this.model,
      tools: tools.tools,
      ticket,
      compactAbove,
      onEvent,
    });
  }

  async #lastRequestTokens({ key }: Ticket): Promise<number | undefined> {
    let tokens: number | undefined;
    for (let after = 0; ; ) {
      const events = await this.store.events({ ticket: key, types: ["request_finished"], after });
      const last = events.at(-1);
      if (last === undefined) return tokens;
      if (last.type === "request_finished") tokens = last.usage.inputTokens + last.usage.outputTokens;
      after = last.id;
    }
  }
}
