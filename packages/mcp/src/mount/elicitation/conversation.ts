import { type ToolContext, textOf } from "@agentwerk/core";
import type { ElicitRequestParams, ElicitResult } from "@modelcontextprotocol/client";
import { describeElicitation } from "./describe-elicitation.ts";
import { readAnswer } from "./read-answer.ts";

/** More questions than one call may put to a person. */
const mostQuestions = 10;

/**
 * Puts a server's question to a person who is there now, and gives back what they said: then the call goes on and nothing
 * runs twice. Undefined when nobody is there: the ticket waits for a reply instead.
 */
export type ElicitationHandler = (request: {
  readonly server: string;
  readonly question: string;
  readonly signal: AbortSignal;
}) => Promise<string | undefined>;

export type Answered =
  | { readonly kind: "answered"; readonly result: ElicitResult }
  | { readonly kind: "ask"; readonly question: string }
  | { readonly kind: "too_many" };

export interface ConversationOptions {
  readonly server: string;
  readonly context: ToolContext;
  readonly handler: ElicitationHandler | undefined;
}

/**
 * What a server asked a person in the course of one call, over all runs of that call. The call runs again from its
 * beginning after each answer, and the server asks again: an answer counts only for the very text that was asked, so a
 * server that asks something else the second time gets no answer meant for the first.
 */
export class Conversation {
  readonly #server: string;
  readonly #left: { readonly question: string; readonly answer: string }[];
  readonly #handler: ElicitationHandler | undefined;
  readonly #signal: AbortSignal;
  #count: number;

  private constructor(
    { server, handler, context }: ConversationOptions,
    exchanges: readonly { readonly question: string; readonly answer: string }[],
  ) {
    this.#server = server;
    this.#handler = handler;
    this.#signal = context.signal;
    this.#left = [...exchanges];
    this.#count = exchanges.length;
  }

  /** Reads what the call asked before from the ticket. */
  static async read(options: ConversationOptions): Promise<Conversation> {
    const { answers, callId, ticket, tickets } = options.context;
    if (answers.length === 0) return new Conversation(options, []);
    const replies = await tickets.replies(ticket.key);
    const asked = replies.filter(({ purpose, call }) => purpose === "asked" && call?.id === callId);
    const questions = asked.slice(-answers.length).map(({ message }) => textOf(message.content));
    const exchanges = questions.map((question, index) => ({ question, answer: answers[index] ?? "" }));
    return new Conversation(options, exchanges);
  }

  /** The person's answer to this request, or the question that has to be put to one. */
  async answer(params: ElicitRequestParams): Promise<Answered> {
    if (params.mode === "url" && !isWebPage(params.url))
      return { kind: "answered", result: { action: "decline" } };
    const question = describeElicitation(this.#server, params);
    let text = question;
    for (;;) {
      const known = this.#take(text);
      if (known === undefined && this.#count >= mostQuestions) return { kind: "too_many" };
      const answer = known ?? (await this.#askNow(text));
      if (answer === undefined) return { kind: "ask", question: text };
      const read = await readAnswer(params, answer);
      if (read.ok) return { kind: "answered", result: read.result };
      text = `${question}\nThe answer before did not fit: ${read.problem}`;
    }
  }
  /** What was answered to this very question before. */
  #take(question: string): string | undefined {
    const place = this.#left.findIndex((exchange) => exchange.question === question);
    return place === -1 ? undefined : this.#left.splice(place, 1)[0]?.answer;
  }

  #askNow(question: string): Promise<string | undefined> | undefined {
    this.#count++;
    return this.#handler?.({ server: this.#server, question, signal: this.#signal });
  }
}

/** Anything else would run something, or open a file, in the hands of a person who trusts the question. */
function isWebPage(url: string): boolean {
  const protocol = URL.parse(url)?.protocol;
  return protocol === "https:" || protocol === "http:";
}
