import { assertNever } from "../assert-never.ts";
import type { Failure } from "../failure.ts";
import type { WrittenFailure } from "../wire-format.ts";

interface ErrorBody {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

/** A failure in Anthropic's words and shape. */
export function writeFailure(failure: Failure): WrittenFailure {
  return { status: describe(failure).status, body: writeErrorBody(failure) };
}

export function writeErrorBody(failure: Failure): string {
  const { type, message } = describe(failure);
  return JSON.stringify({
    type: "error",
    error: { type, message: failure.message ?? message },
    request_id: null,
  });
}

function describe(failure: Failure): ErrorBody {
  switch (failure.kind) {
    case "authentication_failed": {
      const message = failure.apiKey === undefined ? "x-api-key header is required" : "invalid x-api-key";
      return { status: 401, type: "authentication_error", message };
    }
    case "permission_denied":
      return {
        status: 403,
        type: "permission_error",
        message: "Your API key does not have permission to use the specified resource.",
      };
    case "rate_limited":
      return {
        status: 429,
        type: "rate_limit_error",
        message: "This request would exceed your organization's rate limit. Please try again later.",
      };
    case "quota_exceeded":
      return invalid(
        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
      );
    case "server_failed":
      return { status: failure.status ?? 500, type: "api_error", message: "Internal server error" };
    case "overloaded":
      return { status: 529, type: "overloaded_error", message: "Overloaded" };
    case "context_window_exceeded":
      return invalid(`prompt is too long: ${failure.inputTokens} tokens > ${failure.contextWindow} maximum`);
    case "prompt_filtered":
      return invalid("Output blocked by content filtering policy");
    case "invalid_request":
      return invalid("The request is not valid.");
    case "model_not_found":
      return { status: 404, type: "not_found_error", message: `model: ${failure.model}` };
    case "path_not_found":
      return { status: 404, type: "not_found_error", message: "Not Found" };
    case "script_mismatch":
      return {
        status: 400,
        type: "simulator_error",
        message: "The request does not fit the simulator's script.",
      };
    default:
      return assertNever(failure);
  }
}

function invalid(message: string): ErrorBody {
  return { status: 400, type: "invalid_request_error", message };
}
