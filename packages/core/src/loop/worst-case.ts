import type { Message, ToolResultBlock, UserContent } from "../provider/content.ts";
import type { Price } from "../provider/model.ts";
import type { ModelRequest } from "../provider/provider.ts";
import type { TicketSession } from "./ticket-session.ts";

/** What a request can cost at most; `cost` is absent where the model has no price. */
export interface WorstCase {
  readonly cost: number | undefined;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Output tokens of a request under a budget when neither its policy nor its model says how many there can be. */
export const assumedOutputTokens = 16_384;

/** Tokens by which vendors frame a message, and the tools of a request: more than any of them is known to use. */
const messageTokens = 16;
const frameTokens = 1_000;

/** Of one image: three times what the dearest vendor counts for the largest that it takes. */
const imageTokens = 16_000;

/**
 * What a request can use at most. Input: what the vendor counted for the last one, and for all that was added since, one
 * token for each byte of text, because no tokenizer makes more of it. Output: its limit. The context window is no bound:
 * it may be assumed, or set low to have conversations compacted early.
 */
export function worstCase(
  session: TicketSession,
  {
    maxOutputTokens,
    summary,
  }: { readonly maxOutputTokens: number; readonly summary: ModelRequest | undefined },
): WorstCase {
  const { price, contextWindow } = session.agent.model;
  const counter = new TokenBound(contextWindow);
  const inputTokens = summary === undefined ? nextInput(session, counter) : counter.ofRequest(summary);
  const amounts = { inputTokens, outputTokens: maxOutputTokens };
  return { ...amounts, cost: worstCost(amounts, price) };
}

function worstCost(
  { inputTokens, outputTokens }: Pick<WorstCase, "inputTokens" | "outputTokens">,
  price: Price | undefined,
): number | undefined {
  if (price === undefined) return undefined;
  const dearest = Math.max(price.input, price.cacheRead ?? 0, price.cacheWrite ?? 0);
  return (inputTokens * dearest + outputTokens * price.output) / 1_000_000;
}

function nextInput({ measured, messages, system, tools }: TicketSession, counter: TokenBound): number {
  if (measured.messages === 0) return counter.ofRequest({ system, messages, tools: tools.listed });
  return sum(messages.slice(measured.messages), (message) => counter.ofMessage(message), measured.tokens);
}

/** Counts more tokens than any vendor makes of the same. */
class TokenBound {
  /** Pages of a document hold text and pictures: only the window bounds them. */
  readonly #documentTokens: number;

  constructor(contextWindow: number) {
    this.#documentTokens = contextWindow;
  }

  ofRequest({ system, messages, tools }: Pick<ModelRequest, "system" | "messages" | "tools">): number {
    const start = frameTokens + bytesOf(system) + (tools.length === 0 ? 0 : bytesOf(JSON.stringify(tools)));
    return sum(messages, (message) => this.ofMessage(message), start);
  }

  ofMessage({ content }: Message): number {
    return sum<Message["content"][number]>(content, (block) => this.#ofBlock(block), messageTokens);
  }

  #ofBlock(block: Message["content"][number]): number {
    switch (block.type) {
      case "tool_call":
        return messageTokens + bytesOf(block.name) + bytesOf(JSON.stringify(block.input));
      case "tool_result":
        return sum<ToolResultBlock["content"][number]>(
          block.content,
          (part) => this.#ofContent(part),
          messageTokens,
        );
      case "reasoning":
        return messageTokens + bytesOf(JSON.stringify(block));
      default:
        return this.#ofContent(block);
    }
  }

  #ofContent(block: UserContent): number {
    if (block.type === "text") return messageTokens + bytesOf(block.text);
    return block.type === "image" ? imageTokens : this.#documentTokens;
  }
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number, start: number): number {
  return items.reduce((total, item) => total + of(item), start);
}
