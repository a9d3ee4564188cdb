import type { Failure } from "../failure.ts";
import type { WrittenFailure } from "../wire-format.ts";

interface ErrorBody {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly param?: string | undefined;
  readonly code?: string | undefined;
}

/** A failure in OpenAI's words and shape. */
export function writeFailure(failure: Failure): WrittenFailure {
  return { status: describe(failure).status, body: writeErrorBody(failure) };
}

export function writeErrorBody(failure: Failure): string {
  const { message, type, param, code } = describe(failure);
  return JSON.stringify({
    error: { message: failure.message ?? message, type, param: param ?? null, code: code ?? null },
  });
}

function describe(failure: Failure): ErrorBody {
  switch (failure.kind) {
    case "authentication_failed":
      return {
        status: 401,
        message:
          failure.apiKey === undefined
            ? "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
            : `Incorrect API key provided: ${mask(failure.apiKey)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
        type: "invalid_request_error",
        code: failure.apiKey === undefined ? undefined : "invalid_api_key",
      };
    case "permission_denied":
      return {
        status: 403,
        message: "You are not allowed to sample from this model",
        type: "invalid_request_error",
        code: "permission_denied",
      };
    case "rate_limited":
      return {
        status: 429,
        message:
          "Rate limit reached for requests. Visit https://platform.openai.com/account/rate-limits to learn more.",
        type: "requests",
        code: "rate_limit_exceeded",
      };
    case "quota_exceeded":
      return {
        status: 429,
        message:
          "You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
        type: "insufficient_quota",
        code: "insufficient_quota",
      };
    case "server_failed":
      return {
        status: failure.status ?? 500,
        message: "The server had an error while processing your request. Sorry about that!",
        type: "server_error",
      };
    case "overloaded":
      return {
        status: 529,
        message: "The engine is currently overloaded, please try again later.",
        type: "server_error",
        code: "overloaded",
      };
    case "context_window_exceeded":
      return {
        status: 400,
        message: `This model's maximum context length is ${failure.contextWindow} tokens. However, your messages resulted in ${failure.inputTokens} tokens. Please reduce the length of the messages.`,
        type: "invalid_request_error",
        param: "messages",
        code: "context_length_exceeded",
      };
    case "prompt_filtered":
      return {
        status: 400,
        message:
          "The response was filtered due to the prompt triggering our content management policy. Please modify your prompt and retry.",
        type: "invalid_request_error",
        param: "prompt",
        code: "content_filter",
      };
    case "invalid_request":
      return {
        status: 400,
        message: "The request is not valid.",
        type: "invalid_request_error",
        param: failure.param,
        code: failure.code,
      };
    case "model_not_found":
      return {
        status: 404,
        message: `The model \`${failure.model}\` does not exist or you do not have access to it.`,
        type: "invalid_request_error",
        code: "model_not_found",
      };
    case "path_not_found":
      return {
        status: 404,
        message: `Invalid URL (${failure.method} ${failure.path})`,
        type: "invalid_request_error",
      };
    case "script_mismatch":
      return {
        status: 400,
        message: "The request does not fit the simulator's script.",
        type: "simulator_error",
        code: "script_mismatch",
      };
  }
}

/** As OpenAI shows keys: the beginning and the last four characters. */
function mask(apiKey: string): string {
  if (apiKey.length <= 12) return "*".repeat(apiKey.length);
  return `${apiKey.slice(0, 8)}${"*".repeat(apiKey.length - 12)}${apiKey.slice(-4)}`;
}
