/** What is read of a Mistral chat request; after the types of Mistral's SDK, everything optional until checked. */
export interface MistralRequest {
  readonly model: string;
  readonly messages: readonly MistralMessage[];
  readonly tools?: readonly MistralTool[] | null;
  readonly tool_choice?: string | { readonly function?: { readonly name?: string } };
  readonly stream?: boolean;
  readonly max_tokens?: number | null;
}

export interface MistralMessage {
  readonly role: string;
  readonly content?: string | readonly MistralChunk[] | null;
  readonly tool_calls?: readonly MistralToolCall[] | null;
  readonly tool_call_id?: string | null;
  readonly name?: string | null;
  readonly prefix?: boolean;
}

/** All kinds of chunks in one: only the fields that are read. */
export interface MistralChunk {
  readonly type: string;
  readonly text?: string;
  readonly image_url?: string | { readonly url?: string };
  readonly document_url?: string;
  readonly document_name?: string | null;
  readonly thinking?: readonly { readonly text?: string }[];
  readonly signature?: string | null;
}

export interface MistralToolCall {
  readonly id?: string;
  readonly function?: { readonly name?: string; readonly arguments?: unknown };
}

export interface MistralTool {
  readonly type?: string;
  readonly function?: {
    readonly name?: unknown;
    readonly description?: string;
    readonly parameters?: unknown;
    readonly strict?: boolean;
  };
}

/** A string is shorthand for one text chunk. */
export function chunksOf(content: MistralMessage["content"]): readonly MistralChunk[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return content ?? [];
}

export function thinkingOf({ thinking }: MistralChunk): string {
  return (thinking ?? []).map(({ text }) => text ?? "").join("");
}
