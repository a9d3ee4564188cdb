import { AgentwerkError } from "../errors/agentwerk-error.ts";
import type { ModelResponse } from "../provider/provider.ts";
import type { GenerateRequest } from "../tool/tool-context.ts";
import { type RequestOutcome, requestModel } from "./request-model.ts";
import type { TicketSession } from "./ticket-session.ts";

/** The last request of each session's tools: a ticket reserves its budget for one request at a time. */
const last = new WeakMap<TicketSession, Promise<unknown>>();

/**
 * A request to the agent's model for a tool, aside from the conversation: counted and retried like any other. Tools of one
 * turn that ask at the same time are answered one after the other.
 */
export async function generate(session: TicketSession, request: GenerateRequest): Promise<ModelResponse> {
  const asked = (last.get(session) ?? Promise.resolve()).then(() => ask(session, request));
  last.set(
    session,
    asked.catch(() => {}),
  );
  const outcome = await asked;
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
