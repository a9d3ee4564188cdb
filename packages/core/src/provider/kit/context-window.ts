/**
 * How servers say that a prompt does not fit: OpenAI and vLLM ("maximum context length", "reduce the length of the
 * messages"), llama.cpp ("exceeds the available context size"), LM Studio ("context the overflows", sic), SGLang ("longer
 * than the model's context length"), Mistral ("too large for model with … maximum context length"), Anthropic and
 * Bedrock behind a proxy ("prompt is too long", "input is too long"), Gemini ("input token count … exceeds the maximum
 * number of tokens"), OpenAI's limit per minute when one request alone is above it ("Request too large for …").
 */
const wordings: readonly RegExp[] = [
  /maximum context length/i,
  /reduce the length of (the|your) (messages|prompt|input)/i,
  /exceed\w*[^.]{0,80}context (size|length|window|limit)/i,
  /context (size|length|window|limit)[^.]{0,40}exceed/i,
  /context (the )?overflow/i,
  /longer than the model's context length/i,
  /(prompt|input) is too long/i,
  /input token count[^.]{0,60}exceeds/i,
  /request too large for .{0,200}tokens/i,
];

const codes: ReadonlySet<unknown> = new Set(["context_length_exceeded", "exceed_context_size_error"]);

/** True when an error means that the conversation has outgrown the model. */
export function isContextWindowExceeded(error: {
  readonly code: unknown;
  readonly type: unknown;
  readonly message: string;
}): boolean {
  if (codes.has(error.code) || codes.has(error.type)) return true;
  return wordings.some((wording) => wording.test(error.message));
}
