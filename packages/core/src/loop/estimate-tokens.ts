import type { Message } from "../provider/content.ts";

/** Characters of a token in English text and code, after the vendors' own rule of thumb; errs on the side of more tokens. */
export const charactersPerToken = 3.5;

/** What an image or a page of a document costs with the common vendors, roughly. */
const blockTokens = 1_600;

/** A rough count of a message's tokens, without a tokenizer: vendors have different ones, and only the order matters here. */
export function estimateTokens(message: Message): number {
  let characters = 0;
  let tokens = 4;
  for (const block of message.content) {
    switch (block.type) {
      case "text":
      case "reasoning":
        characters += block.text.length;
        break;
      case "tool_call":
        characters += block.name.length + JSON.stringify(block.input).length;
        break;
      case "tool_result":
        for (const part of block.content) {
          if (part.type === "text") characters += part.text.length;
          else tokens += blockTokens;
        }
        break;
      default:
        tokens += blockTokens;
    }
  }
  return tokens + Math.ceil(characters / charactersPerToken);
}
