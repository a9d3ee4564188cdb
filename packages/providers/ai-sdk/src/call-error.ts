import { isJsonObject } from "@agentwerk/core";
import type { FailureBody } from "@agentwerk/core/provider-kit";

/** An error in the shape that the provider kit reads. */
export interface CallError extends Error, FailureBody {
  readonly message: string;
  /** A body without a status: the error came in the middle of a reply. */
  readonly error?: object;
  readonly status?: number;
  readonly headers?: Headers;
}

/** A failure that the vendor told in its reply. */
export function callError(body: FailureBody & { readonly message: string }): CallError {
  return Object.assign(new Error(body.message), { error: body });
}

/**
 * What the AI SDK threw or streamed as an error, without the request that it keeps on its errors: a conversation has no
 * place in a log. Its classes are told apart by name, because there may be several copies of them.
 */
export function toCallError(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return toStreamedError(thrown);
  switch (thrown.name) {
    case "AI_APICallError":
      return fromApiCall(thrown);
    case "AI_TypeValidationError": {
      // The vendor told an error in a stream, where the SDK's package expects none.
      const value = "value" in thrown ? thrown.value : undefined;
      return bodyIn(value) === undefined ? malformed(thrown) : toStreamedError(value);
    }
    case "AI_JSONParseError":
    case "AI_NoContentGeneratedError":
    case "AI_EmptyResponseBodyError":
      return malformed(thrown);
    case "AI_InvalidResponseDataError":
      // A stream that breaks off without an end is reported like this, with no data that were invalid.
      return "data" in thrown && thrown.data === undefined ? new Error(thrown.message) : malformed(thrown);
    case "AI_LoadAPIKeyError":
      return Object.assign(new Error(thrown.message), { status: 401 });
    case "AI_UnsupportedFunctionalityError":
    case "AI_InvalidPromptError":
    case "AI_InvalidArgumentError":
    case "AI_NoSuchModelError":
      return Object.assign(new Error(thrown.message), { status: 400 });
    default:
      return thrown;
  }
}

/** An error event: what the vendor wrote into it, as an object or in an object, or a text. */
function toStreamedError(thrown: unknown): Error {
  const body = bodyIn(thrown) ?? { message: String(thrown) };
  const { message, code, type } = body;
  const text = typeof message === "string" ? message : "the server sent an error";
  const status = typeof code === "number" && code >= 400 && code < 600 ? { status: code } : {};
  return Object.assign(new Error(text), { error: body, code, type, ...status });
}

function fromApiCall(thrown: Error): Error {
  const fields: Readonly<Record<string, unknown>> = { ...thrown };
  const { statusCode, responseHeaders, responseBody } = fields;
  const headers = isJsonObject(responseHeaders) ? { headers: toHeaders(responseHeaders) } : {};
  const body = typeof responseBody === "string" ? bodyIn(parse(responseBody)) : undefined;
  const failed = typeof statusCode === "number" && statusCode >= 400;
  if (body !== undefined || failed) {
    const message = typeof body?.message === "string" ? body.message : thrown.message;
    const status = failed ? { status: statusCode } : {};
    const { code, type } = body ?? {};
    const error = body === undefined ? {} : { error: body, code, type };
    return Object.assign(new Error(message, causeOf(thrown)), { ...error, ...status, ...headers });
  }
  // A good status and a body that could not be read, or a connection that was never made.
  const { cause } = thrown;
  // The SDK wraps one error, never one of the same kind, which could be itself.
  if (cause instanceof Error && cause.name !== thrown.name && toCallError(cause) instanceof SyntaxError) {
    return Object.assign(malformed(thrown), headers);
  }
  return Object.assign(new Error(thrown.message, causeOf(thrown)), headers);
}

/** Only a cause that is not the SDK's own: those repeat the body. */
function causeOf({ cause }: Error): { cause?: unknown } {
  return cause instanceof Error && !cause.name.startsWith("AI_") ? { cause } : {};
}

/** The messages of the SDK's parsers hold the whole text, so that only their beginning is told. */
function malformed({ message }: Error): SyntaxError {
  return new SyntaxError(message.slice(0, 200));
}

/** OpenAI and most others write `{ error: { message } }`, some the inner object alone, Mistral and Cohere a message. */
function bodyIn(value: unknown): FailureBody | undefined {
  if (!isJsonObject(value)) return undefined;
  const inner = value.error;
  if (isJsonObject(inner))
    return { code: inner.code ?? inner.status, type: inner.type, message: inner.message };
  if (typeof inner === "string") return { message: inner };
  return typeof value.message === "string" ? value : undefined;
}

function toHeaders(record: Readonly<Record<string, unknown>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(record)) if (typeof value === "string") headers.set(name, value);
  return headers;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
