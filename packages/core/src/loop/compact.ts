import { toErrorMessage } from "../errors/to-error-message.ts";
import { type Message, textBlock, textOf } from "../provider/content.ts";
import { charactersPerToken, estimateTokens } from "./estimate-tokens.ts";
import { requestModel } from "./request-model.ts";
import type { TicketSession } from "./ticket-session.ts";

/** Share of the context window that the newest turns may keep. */
const keptShare = 0.25;

/** Share of the context window that the text to be summarised may fill. */
const readShare = 0.5;

/** Characters of one tool result or text that go into the text to be summarised. */
const longestPart = 4_000;

/** Estimated tokens of the next request: what the vendor counted last, and what was added since. */
export function nextRequestTokens({ measured, messages, system, tools }: TicketSession): number {
  let tokens = measured.tokens;
  if (measured.messages === 0) tokens = Math.ceil((system.length + tools.characters) / charactersPerToken);
  for (let index = measured.messages; index < messages.length; index++) {
    const message = messages[index];
    if (message !== undefined) tokens += estimateTokens(message);
  }
  return tokens;
}

/**
 * Puts a summary in the place of all but the first message and the newest turns. The replies in the store stay as they
 * are; the summary is one more of them. Answers whether the conversation got shorter.
 */
export async function compact(session: TicketSession): Promise<boolean> {
  const { messages, writer, agent } = session;
  const before = nextRequestTokens(session);
  writer.note({ events: [{ type: "compaction_started", inputTokens: before }] });
  // A vendor may refuse what our estimate lets through: then half of what there is goes, whatever the window is said to be.
  const cut = findCut(messages, Math.min(agent.model.contextWindow * keptShare, before / 2));
  const [prompt] = messages;
  if (prompt === undefined || cut < 3) {
    return failed(
      session,
      "the newest turn alone fills the context window; nothing older is left to summarise",
    );
  }
  const kept = messages.slice(cut);
  try {
    const text = await summarise(session, messages.slice(1, cut));
    const summary: Message = { role: "user", content: [textBlock(text)] };
    messages.splice(0, messages.length, prompt, summary, ...kept);
    session.measured = { tokens: 0, messages: 0 };
    const after = nextRequestTokens(session);
    writer.note({
      replies: [{ message: summary, purpose: "summary", keeps: kept.length, heard: session.comments }],
      events: [{ type: "compaction_finished", before, after }],
    });
    return true;
  } catch (error) {
    if (session.signal.aborted) throw error;
    return failed(session, toErrorMessage(error));
  }
}

function failed({ writer }: TicketSession, message: string): false {
  writer.note({ work: { errors: 1 }, events: [{ type: "compaction_failed", message }] });
  return false;
}

/** The first message to keep: the beginning of a turn, so that calls and their results stay together. */
function findCut(messages: readonly Message[], keptTokens: number): number {
  // The newest answer and its results stay, however long: the model has not worked with them yet.
  let cut = messages.findLastIndex(({ role }) => role === "assistant");
  if (cut === -1) cut = messages.length;
  let tokens = 0;
  for (let index = messages.length - 1; index > 0; index--) {
    const message = messages[index];
    if (message === undefined) break;
    tokens += estimateTokens(message);
    if (tokens > keptTokens) break;
    if (message.role === "assistant") cut = index;
  }
  return cut;
}

/** Asks the model for the summary, with the retries of any request. */
async function summarise(session: TicketSession, older: readonly Message[]): Promise<string> {
  const { agent, directives } = session;
  const { model } = agent;
  const room = Math.floor(model.contextWindow * readShare * charactersPerToken);
  const outcome = await requestModel(session, {
    model: model.name,
    system: directives.summaryRole,
    messages: [
      { role: "user", content: [textBlock(`${transcript(older, room)}\n\n${directives.summaryTask}`)] },
    ],
    tools: [],
    toolChoice: "none",
    maxOutputTokens: model.maxOutputTokens,
    extraBody: model.extraBody,
  });
  if (outcome.kind === "stopped") throw new Error("the run ends");
  if (outcome.kind === "failed") throw new Error(outcome.failure.message);
  const { content, stopReason } = outcome.response;
  const text = textOf(content);
  if (text === "" || stopReason !== "end_turn") {
    throw new Error(`the model wrote no usable summary (${stopReason})`);
  }
  return `<summary>\n${text}\n</summary>`;
}

/** Messages as text; when there are too many, the oldest go. */
function transcript(messages: readonly Message[], room: number): string {
  const parts: string[] = [];
  let left = room;
  for (const message of [...messages].reverse()) {
    const part = toText(message);
    left -= part.length;
    if (left < 0 && parts.length > 0) break;
    parts.push(part);
  }
  return parts.reverse().join("\n\n");
}

function toText({ role, content }: Message): string {
  const parts = content.map((block) => {
    switch (block.type) {
      case "text":
        return shortened(block.text);
      case "tool_call":
        return `calls ${block.name}(${shortened(JSON.stringify(block.input))})`;
      case "tool_result":
        return `result: ${shortened(textOf(block.content))}`;
      default:
        return `(${block.type})`;
    }
  });
  return `[${role}]\n${parts.join("\n")}`;
}

function shortened(text: string): string {
  if (text.length <= longestPart) return text;
  return `${text.slice(0, longestPart).toWellFormed()}… (${text.length} characters)`;
}
