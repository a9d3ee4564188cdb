import type { Simulator } from "../simulator.ts";

/** A chat completions request by hand: what the server says, byte for byte. */
export interface ChatAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
  /** Parsed `data:` lines, without `[DONE]`. */
  readonly events: readonly StreamedEvent[];
}

export interface StreamedEvent {
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string; readonly tool_calls?: readonly unknown[] };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: { readonly prompt_tokens?: number } | null;
  readonly error?: { readonly message: string };
}

export async function chat(
  { baseUrl }: Pick<Simulator, "baseUrl">,
  body: Readonly<Record<string, unknown>>,
  init: RequestInit = {},
): Promise<ChatAnswer> {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hello!" }], ...body }),
    ...init,
  });
  const text = await response.text();
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isStream ? undefined : parseJson(text),
    events: isStream ? parseEvents(text) : [],
  };
}

export function streamedText(events: readonly StreamedEvent[]): string {
  return events.map((event) => event.choices?.[0]?.delta?.content ?? "").join("");
}

function parseEvents(text: string): readonly StreamedEvent[] {
  return text
    .split("\n\n")
    .filter((line) => line.startsWith("data: {"))
    .flatMap((line) => {
      const value = parseJson(line.slice("data: ".length));
      return value === undefined ? [] : [value as StreamedEvent];
    });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
