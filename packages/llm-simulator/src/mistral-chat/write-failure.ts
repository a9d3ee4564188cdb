import { assertNever } from "../assert-never.ts";
import type { Failure } from "../failure.ts";
import type { WrittenFailure } from "../wire-format.ts";

interface ErrorBody {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly code?: string | undefined;
}

/** A failure in Mistral's words and shape; the gateway before it has a shape of its own. */
export function writeFailure(failure: Failure): WrittenFailure {
  return { status: describe(failure).status, body: writeErrorBody(failure) };
}

export function writeErrorBody(failure: Failure): string {
  if (failure.kind === "authentication_failed") {
    return JSON.stringify({ detail: failure.message ?? "Unauthorized" });
  }
  const { status, message, type, code } = describe(failure);
  return JSON.stringify({
    object: "error",
    message: failure.message ?? message,
    type,
    param: null,
    code: code ?? null,
    raw_status_code: status,
  });
}

function describe(failure: Failure): ErrorBody {
  switch (failure.kind) {
    case "authentication_failed":
      return { status: 401, message: "Unauthorized", type: "unauthorized" };
    case "permission_denied":
      return { status: 403, message: "You are not allowed to use this model.", type: "forbidden" };
    case "rate_limited":
      return { status: 429, message: "Rate limit exceeded", type: "rate_limited", code: "1300" };
    case "quota_exceeded":
      return {
        status: 402,
        message: "You have no credits left. Please check your billing details.",
        type: "payment_required",
      };
    case "server_failed":
      return {
        status: failure.status ?? 500,
        message: "Internal server error",
        type: "internal_server_error",
        code: "1000",
      };
    case "overloaded":
      return {
        status: 429,
        message: "Service tier capacity exceeded for this model.",
        type: "service_tier_capacity_exceeded",
        code: "3505",
      };
    case "context_window_exceeded":
      return {
        status: 400,
        message: `Prompt contains ${failure.inputTokens} tokens and 0 draft tokens, too large for model with ${failure.contextWindow} maximum context length`,
        type: "invalid_request_prompt",
        code: "3051",
      };
    case "prompt_filtered":
      return { status: 403, message: "Input violates a guardrail.", type: "guardrail_violation" };
    case "invalid_request":
      return {
        status: 400,
        message: "The request is not valid.",
        type: failure.param ?? "invalid_request_error",
        code: failure.code,
      };
    case "model_not_found":
      return { status: 400, message: `Invalid model: ${failure.model}`, type: "invalid_model", code: "1500" };
    case "path_not_found":
      return { status: 404, message: "no Route matched with those values", type: "not_found" };
    case "script_mismatch":
      return {
        status: 400,
        message: "The request does not fit the simulator's script.",
        type: "simulator_error",
        code: "script_mismatch",
      };
    default:
      return assertNever(failure);
  }
}
