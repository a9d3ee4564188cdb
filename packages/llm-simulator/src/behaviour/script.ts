import type { Conversation } from "../conversation.ts";
import { lastUserText } from "../conversation.ts";
import type { Reply, ReplyOptions } from "../reply/reply.ts";
import { SimulatorError } from "../simulator-error.ts";
import type { Behaviour, ReplyFunction } from "./behaviour.ts";
import type { Expectation } from "./expectation.ts";
import { findMismatch } from "./expectation.ts";

export interface ScriptedReply extends ReplyOptions {
  /** A request that does not fit gets an error that says why, and so does the test. */
  readonly expect?: Expectation | undefined;
}

/** One reply of a script: a text, a reply with an expectation, or a function. */
export type ScriptStep = string | ScriptedReply | ReplyFunction;

/** Replies in a fixed order; fails on a request that does not fit, or that comes after the last step. */
export function createScript(steps: readonly ScriptStep[], repeat: boolean): Behaviour {
  let position = 0;
  return {
    answer(conversation, { keepStep }): Reply | Promise<Reply> {
      if (repeat && position === steps.length) position = 0;
      const step = steps[position];
      if (step === undefined) throw scriptEnded(steps.length, conversation);
      checkStep(step, position, conversation);
      if (!keepStep) position += 1;
      return typeof step === "function" ? step(conversation) : step;
    },
    leftOver() {
      if (repeat) return [];
      return steps.slice(position).map((step, index) => describeStep(step, position + index));
    },
  };
}

function checkStep(step: ScriptStep, position: number, conversation: Conversation): void {
  if (typeof step !== "object" || step.expect === undefined) return;
  const mismatch = findMismatch(step.expect, conversation);
  if (mismatch === undefined) return;
  throw new SimulatorError(
    "script_mismatch",
    `Request ${conversation.requestNumber} does not fit step ${position + 1} of the script: ${mismatch}.`,
  );
}

function scriptEnded(length: number, conversation: Conversation): SimulatorError {
  const user = lastUserText(conversation).slice(0, 200);
  return new SimulatorError(
    "script_mismatch",
    `Request ${conversation.requestNumber} was not expected: the script has ${length} step${length === 1 ? "" : "s"} and all are used. Its newest user message is ${JSON.stringify(user)}.`,
  );
}

function describeStep(step: ScriptStep, position: number): string {
  const name = `step ${position + 1}`;
  if (typeof step === "function") return `${name}: a function`;
  if (typeof step === "string") return `${name}: ${JSON.stringify(step.slice(0, 80))}`;
  const { expect, ...reply } = step;
  return `${name}: ${JSON.stringify(reply).slice(0, 160)}`;
}
