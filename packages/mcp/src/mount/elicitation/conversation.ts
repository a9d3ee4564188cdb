import { type ToolContext, textOf } from "@agentwerk/core";
import type { ElicitRequestParams, ElicitResult } from "@modelcontextprotocol/client";
import { describeElicitation } from "./describe-elicitation.ts";
import { readAnswer } from "./read-answer.ts";

/** More questions than one call may put to a person. */
const mostQuestions = 10;

export type Answered =
  | { readonly kind: "answered"; readonly result: ElicitResult }
  | { readonly kind: "ask"; readonly question: string }
  | { readonly kind: "too_many" };

/**
 * What a server asked a person in the course of one call, over all runs of that call. The call runs again from its
 * beginning after each answer, and the server asks again: an answer counts only for the very text that was asked, so a
 * server that asks something else the second time gets no answer meant for the first.
 */
export class Conversation {
  readonly #server: string;
  readonly #left: { readonly question: string; readonly answer: string }[];
  readonly #count: number;

  private constructor(
    server: string,
    exchanges: readonly { readonly question: string; readonly answer: string }[],
  ) {
    this.#server = server;
    this.#left = [...exchanges];
    this.#count = exchanges.length;
  }

  /** Reads what the call asked before from the ticket. */
  static async read(
    server: string,
    { answers, callId, ticket, tickets }: ToolContext,
  ): Promise<Conversation> {
    if (answers.length === 0) return new Conversation(server, []);
    const replies = await tickets.replies(ticket.key);
    const asked = replies.filter(({ purpose, call }) => purpose === "asked" && call?.id === callId);
    const questions = asked.slice(-answers.length).map(({ message }) => textOf(message.content));
    const exchanges = questions.map((question, index) => ({ question, answer: answers[index] ?? "" }));
    return new Conversation(server, exchanges);
  }

  /** The person's answer to this request, or the question that has to be put to one. */
  async answer(params: ElicitRequestParams): Promise<Answered> {
    const question = describeElicitation(this.#server, params);
    let text = question;
    for (;;) {
      const place = this.#left.findIndex((exchange) => exchange.question === text);
      const [exchange] = place === -1 ? [] : this.#left.splice(place, 1);
      if (exchange === undefined) {
        return this.#count >= mostQuestions ? { kind: "too_many" } : { kind: "ask", question: text };
      }
      const read = await readAnswer(params, exchange.answer);
      if (read.ok) return { kind: "answered", result: read.result };
      text = `${question}\nThe answer before did not fit: ${read.problem}`;
    }
  }
}
