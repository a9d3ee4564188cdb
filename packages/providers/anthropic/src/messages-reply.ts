/** What is read of a message and of the events of its stream. Proxies leave things out, so everything is optional. */
export interface MessagesReply {
  readonly type?: string;
  readonly model?: string | null;
  readonly content?: readonly MessagesBlock[] | null;
  readonly stop_reason?: string | null;
  readonly stop_details?: { readonly explanation?: string | null } | null;
  readonly usage?: MessagesUsage | null;
  readonly error?: unknown;
}

export interface MessagesBlock {
  readonly type?: string;
  readonly text?: string | null;
  readonly thinking?: string | null;
  readonly signature?: string | null;
  readonly data?: string | null;
  readonly id?: string | null;
  readonly name?: string | null;
  readonly input?: unknown;
}

export interface MessagesUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly output_tokens_details?: { readonly thinking_tokens?: number | null } | null;
}

export interface MessagesEvent {
  readonly type?: string;
  readonly index?: number;
  readonly message?: MessagesReply | null;
  readonly content_block?: MessagesBlock | null;
  readonly delta?: MessagesDelta | null;
  readonly usage?: MessagesUsage | null;
  readonly error?: unknown;
}

/** Of a block, or, in `message_delta`, of the message. */
export interface MessagesDelta extends Pick<MessagesReply, "stop_reason" | "stop_details"> {
  readonly type?: string;
  readonly text?: string;
  readonly thinking?: string;
  readonly signature?: string;
  readonly partial_json?: string;
}
