import { textBlock, textOf } from "../provider/content.ts";
import type { Reply, ReplyDraft } from "../ticket/reply.ts";
import type { JsonValue } from "../util/json.ts";
import type { PlannedRun } from "./plan-calls.ts";

/** A call that put questions to a person. */
export interface AskedCall {
  /** One for each question, in order; what several people wrote to one is joined. */
  readonly answers: readonly string[];
  /** The arguments to run with again, where a person edited them. */
  readonly input: JsonValue | undefined;
  /** Whether it asked last and has not run since: then it had no effect that is not known of. */
  readonly waits: boolean;
  /** Its last question, where nobody has said anything since. */
  readonly unanswered: string | undefined;
}

const none: ReadonlyMap<string, AskedCall> = new Map();

/** The calls of the last answer that asked something, by id, with what people wrote since. */
export function readAskedCalls(replies: readonly Reply[]): ReadonlyMap<string, AskedCall> {
  if (!replies.some(({ purpose }) => purpose === "asked")) return none;
  const calls = new Map<string, AskedCall>();
  let asking: string | undefined;
  for (const { purpose, message, call } of replies) {
    if (purpose === "answer") {
      calls.clear();
      asking = undefined;
    } else if (call !== undefined) {
      asking = purpose === "asked" ? call.id : undefined;
      const answers = calls.get(call.id)?.answers ?? [];
      const state = purpose === "asked" ? whenAsked(answers, textOf(message.content)) : whenRun(answers);
      calls.set(call.id, { ...state, input: call.input });
    } else if (purpose === "comment" && asking !== undefined) {
      const asked = calls.get(asking);
      if (asked !== undefined) calls.set(asking, withAnswer(asked, textOf(message.content)));
    }
  }
  return calls;
}

function whenAsked(answers: readonly string[], question: string): Omit<AskedCall, "input"> {
  return { answers: [...answers, ""], waits: true, unanswered: question };
}

function whenRun(answers: readonly string[]): Omit<AskedCall, "input"> {
  return { answers, waits: false, unanswered: undefined };
}

function withAnswer(asked: AskedCall, text: string): AskedCall {
  const earlier = asked.answers.at(-1) ?? "";
  return {
    ...asked,
    unanswered: undefined,
    answers: [...asked.answers.slice(0, -1), earlier === "" ? text : `${earlier}\n${text}`],
  };
}

/** The reply that keeps a question; the call itself stays without a result. */
export function toQuestion(call: PlannedRun, question: string): ReplyDraft {
  return {
    message: { role: "user", content: [textBlock(question)] },
    purpose: "asked",
    call: { id: call.callId, ...(call.edited !== undefined && { input: call.edited }) },
  };
}

/** The reply that stands before the call runs again: a worker that finds it last cannot know what the call did. */
export function toAnswered({ callId }: PlannedRun, asked: AskedCall): ReplyDraft {
  return {
    message: { role: "user", content: [textBlock("The call runs again with the answer.")] },
    purpose: "answered",
    call: { id: callId, ...(asked.input !== undefined && { input: asked.input }) },
  };
}
