import type { Behaviour } from "../behaviour/behaviour.ts";
import type { Conversation } from "../conversation.ts";
import type { Failure } from "../failure.ts";
import type { FaultOptions } from "../fault/fault.ts";
import { failsRequest, faultStages, toFaultOptions } from "../fault/fault.ts";
import { changeReply } from "../reply/change-reply.ts";
import type { ReplyOptions } from "../reply/reply.ts";

/** What becomes of a well-formed request. */
export type Decision =
  | { readonly kind: "reply"; readonly reply: ReplyOptions; readonly fault: FaultOptions | undefined }
  | { readonly kind: "fail"; readonly fault: FaultOptions };

/**
 * Asks the behaviour for a reply and lets a fault have its way with it. A scheduled fault goes before the step's own,
 * and when it fails the request, the script stays where it is: the client will ask again.
 * @throws SimulatorError `script_mismatch`, and whatever a reply function throws.
 */
export async function decide(
  conversation: Conversation,
  behaviour: Behaviour,
  scheduled: FaultOptions | undefined,
): Promise<Decision> {
  if (scheduled !== undefined && faultStages[scheduled.kind] === "instead") {
    return { kind: "fail", fault: scheduled };
  }
  const keepStep = scheduled !== undefined && failsRequest(scheduled);
  const answer = await behaviour.answer(conversation, { keepStep });
  const reply = typeof answer === "string" ? { text: answer } : answer;
  const fault = scheduled ?? (reply.fault === undefined ? undefined : toFaultOptions(reply.fault));
  if (fault !== undefined && faultStages[fault.kind] === "instead") return { kind: "fail", fault };
  return { kind: "reply", reply: changeReply(reply, fault, conversation), fault };
}

export interface FailureContext {
  readonly apiKey: string | undefined;
  readonly inputTokens: number;
  readonly contextWindow: number | undefined;
}

/** The failure that a fault of stage `instead` stands for. */
export function toFailure(fault: FaultOptions, context: FailureContext): Failure {
  const message = "message" in fault ? fault.message : undefined;
  switch (fault.kind) {
    case "authentication_failed":
      return { kind: fault.kind, apiKey: context.apiKey ?? "none", message };
    case "permission_denied":
    case "rate_limited":
    case "quota_exceeded":
    case "overloaded":
    case "prompt_filtered":
    case "invalid_request":
      return { kind: fault.kind, message };
    case "server_failed":
      return { kind: fault.kind, status: fault.status, message };
    case "context_window_exceeded":
      return {
        kind: fault.kind,
        inputTokens: context.inputTokens,
        contextWindow: context.contextWindow ?? Math.max(1, Math.floor(context.inputTokens / 2)),
        message,
      };
    default:
      return { kind: "server_failed", message };
  }
}
