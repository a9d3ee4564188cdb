import type { ReasoningBlock } from "@agentwerk/core";
import { isJsonObject } from "@agentwerk/core";
import type { ReasoningItem } from "./responses-reply.ts";

/**
 * What has to come back of a reasoning item, as the opaque signature of its block: its id, its encrypted content, and
 * its summary where the block's text does not say how it was divided.
 */
export function toReasoningBlock(item: ReasoningItem, provider: string): ReasoningBlock | undefined {
  const summary = (item.summary ?? []).map((part) => part.text ?? "");
  const thoughts = (item.content ?? []).map((part) => part.text ?? "");
  const text = (summary.length > 0 ? summary : thoughts).join("\n\n");
  const { id, encrypted_content: encrypted } = item;
  if (!encrypted) return text === "" ? undefined : { type: "reasoning", text, provider };
  const signature = JSON.stringify({
    id,
    encrypted_content: encrypted,
    ...(summary.length > 1 ? { summary } : {}),
  });
  return { type: "reasoning", text, signature, provider };
}

/** The item as it came; `undefined` for thinking without a signature, or with one of chat completions. */
export function toReasoningItem({ text, signature }: ReasoningBlock): object | undefined {
  const kept = parse(signature);
  if (kept === undefined || typeof kept.encrypted_content !== "string") return undefined;
  const { id, encrypted_content, summary } = kept;
  const whole = text === "" ? [] : [text];
  const texts = Array.isArray(summary) ? summary : whole;
  return {
    type: "reasoning",
    ...(typeof id === "string" ? { id } : {}),
    summary: texts.map((part) => ({ type: "summary_text", text: part })),
    encrypted_content,
  };
}

function parse(signature: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (signature === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(signature);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
