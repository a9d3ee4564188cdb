import type { ReasoningBlock } from "@agentwerk/core";
import { isJsonObject } from "@agentwerk/core";
import type { SharedV4ProviderMetadata } from "@ai-sdk/provider";

/*
 * Vendors sign not only thinking: Gemini signs tool calls, OpenAI numbers every item, and both want it back. Our blocks
 * have a place for such things on reasoning only, as an opaque text. So what belongs to another block travels in a
 * reasoning block without text in front of it.
 */

type Owner = "reasoning" | "next_block";

interface Carried {
  readonly owner: Owner;
  readonly metadata: SharedV4ProviderMetadata | undefined;
}

/** Thinking as it was shown, with what the vendor needs to know it again. */
export function reasoningBlock(
  text: string,
  metadata: SharedV4ProviderMetadata | undefined,
  provider: string,
): ReasoningBlock {
  return { type: "reasoning", text, signature: write({ owner: "reasoning", metadata }), provider };
}

/** Carries the metadata of the block that follows; none for a block whose metadata say nothing. */
export function carrierOf(
  metadata: SharedV4ProviderMetadata | undefined,
  provider: string,
): readonly ReasoningBlock[] {
  if (metadata === undefined || !saysSomething(metadata)) return [];
  return [{ type: "reasoning", text: "", signature: write({ owner: "next_block", metadata }), provider }];
}

/** Anthropic's package marks every call as called directly, which is what a call is without a mark. */
function saysSomething(metadata: SharedV4ProviderMetadata): boolean {
  return Object.values(metadata).some((fields) =>
    Object.entries(fields).some(([name, value]) => {
      return !(name === "caller" && isJsonObject(value) && value.type === "direct");
    }),
  );
}

/** `undefined` for the thinking of another provider, or of another version of this one. */
export function readCarried(block: ReasoningBlock, provider: string): Carried | undefined {
  if (block.provider !== provider || block.signature === undefined) return undefined;
  const value = parse(block.signature);
  if (!isJsonObject(value)) return undefined;
  const { owner, metadata } = value;
  if (owner !== "reasoning" && owner !== "next_block") return undefined;
  return { owner, metadata: isJsonObject(metadata) ? (metadata as SharedV4ProviderMetadata) : undefined };
}

function write(carried: Carried): string {
  return JSON.stringify(carried);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
