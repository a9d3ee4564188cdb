import type { JsonValue } from "../util/json.ts";

export interface TextBlock {
  readonly type: "text";
  readonly text: string;
}

export interface ImageBlock {
  readonly type: "image";
  /** `image/png`, `image/jpeg`, `image/gif` or `image/webp`. */
  readonly mediaType: string;
  /** Base64, without a `data:` prefix. */
  readonly data: string;
}

export interface DocumentBlock {
  readonly type: "document";
  /** `application/pdf` or a text type. */
  readonly mediaType: string;
  /** Base64, without a `data:` prefix. */
  readonly data: string;
  readonly name?: string;
}

/** Thinking that a model did before it answered; sent back unchanged where the vendor wants it. */
export interface ReasoningBlock {
  readonly type: "reasoning";
  /** What may be shown; empty when the vendor keeps it hidden. */
  readonly text: string;
  /** The vendor's opaque proof or encrypted body; without it the block is not sent back. */
  readonly signature?: string;
  /** The vendor encrypted the thinking itself, not only its proof: `signature` holds all of it, and `text` is empty. */
  readonly redacted?: boolean;
  /** The provider that wrote it; another provider must not be sent it. */
  readonly provider: string;
}

export interface ToolCallBlock {
  readonly type: "tool_call";
  /** The vendor's id, by which the result refers to this call. Unique within one reply only. */
  readonly id: string;
  readonly name: string;
  /** Parsed arguments; `{}` when they were not valid JSON. */
  readonly input: JsonValue;
  /** The arguments as they came, when they were not valid JSON. */
  readonly malformedInput?: string;
}

export interface ToolResultBlock {
  readonly type: "tool_result";
  /** `id` of the {@link ToolCallBlock} that it answers. */
  readonly callId: string;
  readonly content: readonly (TextBlock | ImageBlock | DocumentBlock)[];
  readonly isError?: boolean;
}

export type UserContent = TextBlock | ImageBlock | DocumentBlock;
export type AssistantContent = TextBlock | ReasoningBlock | ToolCallBlock;

/** One message of a conversation, in no vendor's format. */
export type Message =
  | { readonly role: "user"; readonly content: readonly UserContent[] }
  | { readonly role: "assistant"; readonly content: readonly AssistantContent[] }
  | { readonly role: "tool"; readonly content: readonly ToolResultBlock[] };

export function textBlock(text: string): TextBlock {
  return { type: "text", text };
}

/** All text of some blocks, joined by blank lines; calls, images and reasoning are left out. */
export function textOf(content: readonly { readonly type: string; readonly text?: string }[]): string {
  const texts: string[] = [];
  for (const block of content) if (block.type === "text" && block.text) texts.push(block.text);
  return texts.join("\n\n");
}
