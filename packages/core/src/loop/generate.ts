import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { ModelResponse } from "../provider/provider.ts";
import type { GenerateRequest } from "../tool/tool-context.ts";
import { type RequestOutcome, requestModel } from "./request-model.ts";
import type { TicketSession } from "./ticket-session.ts";

/** A request to the agent's model for a tool, aside from the conversation, as long as its call lasts: counted and retried like any other. */
export async function generate(session: TicketSession, request: GenerateRequest): Promise<ModelResponse> {
  const outcome = await ask(session, request);
  if (outcome.kind === "answered") return outcome.response;
  throw new AgentwerkError({
    code: "provider_failed",
    message:
      outcome.kind === "failed"
        ? outcome.failure.message
        : "The run ends, for a budget of it is used up; the model was not asked.",
  });
}

async function ask(session: TicketSession, request: GenerateRequest): Promise<RequestOutcome> {
  session.signal.throwIfAborted();
  if (!session.host.mayRequest()) return { kind: "stopped" };
  const { model } = session.agent;
  return requestModel(session, {
    model: model.name,
    system: request.system ?? "",
    messages: request.messages,
    tools: [],
    toolChoice: "none",
    maxOutputTokens: request.maxOutputTokens ?? model.maxOutputTokens,
    temperature: request.temperature ?? model.temperature,
    stopSequences: request.stopSequences,
    extraBody: model.extraBody,
  });
}
