import type { Conversation } from "../conversation.ts";
import { lastToolResults, lastUserText } from "../conversation.ts";

/** What a scripted step expects of its request; every given part must hold. Texts are searched for, not compared. */
export interface ExpectedRequest {
  readonly model?: string | undefined;
  readonly system?: string | undefined;
  /** Within the newest user message. */
  readonly userText?: string | undefined;
  /** Names that must be among the tools. */
  readonly tools?: readonly string[] | undefined;
  /** Within the results of the newest tool calls, by tool name. */
  readonly toolResults?: Readonly<Record<string, string>> | undefined;
  /** Number of messages, without system messages. */
  readonly messages?: number | undefined;
  readonly stream?: boolean | undefined;
}

/** Says what is wrong with a request, or nothing when it is as expected; may also throw. */
export type ExpectationFunction = (conversation: Conversation) => string | undefined | void;

export type Expectation = ExpectedRequest | ExpectationFunction;

/** The first difference between a request and what was expected, as a line; `undefined` when there is none. */
export function findMismatch(expectation: Expectation, conversation: Conversation): string | undefined {
  if (typeof expectation === "function") {
    try {
      return expectation(conversation) ?? undefined;
    } catch (thrown) {
      return thrown instanceof Error ? thrown.message : String(thrown);
    }
  }
  return (
    differs("model", expectation.model, conversation.model) ??
    differs("stream", expectation.stream, conversation.stream) ??
    differs("messages", expectation.messages, conversation.messages.length) ??
    lacks("the system prompt", expectation.system, conversation.system) ??
    lacks("the newest user message", expectation.userText, lastUserText(conversation)) ??
    lacksTools(expectation.tools ?? [], conversation) ??
    lacksResults(expectation.toolResults ?? {}, conversation)
  );
}

function differs<Value>(name: string, expected: Value | undefined, actual: Value): string | undefined {
  if (expected === undefined || expected === actual) return undefined;
  return `${name} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`;
}

function lacks(place: string, expected: string | undefined, actual: string): string | undefined {
  if (expected === undefined || actual.includes(expected)) return undefined;
  return `${place} does not contain ${JSON.stringify(expected)}; it is ${excerpt(actual)}`;
}

function lacksTools(expected: readonly string[], conversation: Conversation): string | undefined {
  const offered = conversation.tools.map(({ name }) => name);
  const missing = expected.filter((name) => !offered.includes(name));
  if (missing.length === 0) return undefined;
  return `no tool ${missing.join(", ")}; the tools are ${offered.join(", ") || "none"}`;
}

function lacksResults(
  expected: Readonly<Record<string, string>>,
  conversation: Conversation,
): string | undefined {
  const results = lastToolResults(conversation);
  for (const [name, text] of Object.entries(expected)) {
    const found = results.filter((result) => result.name === name);
    if (found.length === 0) return `no result of the tool ${name} in the newest turn`;
    const texts = found.map((result) => result.text).join("\n");
    const mismatch = lacks(`the result of ${name}`, text, texts);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
