import { lazily } from "../util/lazily.ts";
import { defineTool } from "./define-tool.ts";
import type { Tool } from "./tool.ts";
import { parkTicket } from "./tool-result.ts";

/** The tool by which an agent asks a person: the ticket waits, without a worker, until somebody replies to it. */
export const askHuman: () => Tool = lazily(() =>
  defineTool({
    name: "ask_human",
    description:
      "Asks a person and waits for the answer, however long it takes. Ask one complete question that can be answered without knowing this conversation. Use it only for what your tools cannot find out and you must not guess: a decision, a preference, a missing permission.",
    input: {
      type: "object",
      properties: { question: { type: "string", minLength: 1 } },
      required: ["question"],
      additionalProperties: false,
    },
    control: true,
    finishes: false,
    run(input) {
      const { question } = input as { readonly question: string };
      return parkTicket({
        waiting: { for: "reply", question },
        message: "The question was put to a person. The answer is the next message.",
      });
    },
  }),
);
