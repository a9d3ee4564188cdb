/** What is read of a Responses request; after OpenAI's API reference, everything optional until checked. */
export interface ResponsesRequest {
  readonly model: string;
  readonly instructions?: string | null;
  readonly input: string | readonly ResponsesItem[];
  readonly tools?: readonly ResponsesTool[];
  readonly tool_choice?: string | { readonly type?: string; readonly name?: string };
  readonly parallel_tool_calls?: boolean;
  readonly include?: readonly string[] | null;
  readonly stream?: boolean | null;
  readonly max_output_tokens?: number | null;
  readonly temperature?: number | null;
}

/** All kinds of items in one: only the fields that are read. A message may leave out its type. */
export interface ResponsesItem {
  readonly type?: string;
  readonly role?: string;
  readonly content?: string | readonly ResponsesPart[];
  readonly id?: string;
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly output?: string | readonly ResponsesPart[];
  readonly summary?: readonly { readonly text?: string }[];
  readonly encrypted_content?: string | null;
}

export interface ResponsesPart {
  readonly type: string;
  readonly text?: string;
  readonly refusal?: string;
  readonly image_url?: string;
  readonly file_data?: string;
  readonly filename?: string;
}

export interface ResponsesTool {
  readonly type?: string;
  readonly name?: unknown;
  readonly description?: string | null;
  readonly parameters?: unknown;
  readonly strict?: boolean | null;
}

/** A string is shorthand for one message of the user. */
export function itemsOf(input: ResponsesRequest["input"]): readonly ResponsesItem[] {
  return typeof input === "string" ? [{ role: "user", content: input }] : input;
}

export function partsOf(content: string | readonly ResponsesPart[] | undefined): readonly ResponsesPart[] {
  return typeof content === "string" ? [{ type: "input_text", text: content }] : (content ?? []);
}

export function isMessage({ type, role }: ResponsesItem): boolean {
  return type === "message" || (type === undefined && role !== undefined);
}

export function summaryOf({ summary }: ResponsesItem): string {
  return (summary ?? []).map(({ text }) => text ?? "").join("\n\n");
}
