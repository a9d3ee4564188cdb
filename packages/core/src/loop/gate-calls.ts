import { formatIssues } from "../schema/schema.ts";
import type { CallDecision, PendingCall } from "../ticket/ticket.ts";
import type { JsonValue } from "../util/json.ts";
import { renderTemplate } from "../util/render-template.ts";
import { type PlannedCall, type PlannedRun, parseSafely } from "./plan-calls.ts";
import type { TicketSession } from "./ticket-session.ts";

/** The calls of a turn after people had their say. */
export interface GatedCalls {
  /** Calls that may run now, and answers to those that may not. */
  readonly planned: readonly PlannedCall[];
  /** Calls that a person has to decide on; they and all behind the first of them wait. */
  readonly pending: readonly PendingCall[];
  /** Ids of the calls that a person decided on, each for exactly this call with exactly these arguments. */
  readonly decided: ReadonlySet<string>;
}

/** Holds back calls whose tools want an approval, and applies the decisions that were made. */
export async function gateCalls(
  session: TicketSession,
  planned: readonly PlannedCall[],
): Promise<GatedCalls> {
  const ready: PlannedCall[] = [];
  const pending: PendingCall[] = [];
  const decided = new Set<string>();
  for (const call of planned) {
    if (call.kind === "answer") {
      ready.push(call);
      continue;
    }
    const asked = session.asked.get(call.callId);
    if (asked !== undefined) {
      // It ran already, up to its question: whoever had to approve it has.
      if (pending.length === 0) ready.push(await withInput(session, call, asked.input));
      continue;
    }
    const decision = decisionOn(session, call);
    if (decision !== undefined) {
      decided.add(call.callId);
      if (pending.length === 0) ready.push(await applyDecision(session, { call, decision }));
    } else if (await wantsApproval(session, call)) pending.push(toPending(call));
    else if (pending.length === 0) ready.push(call);
  }
  return { planned: ready, pending, decided };
}

async function wantsApproval({ claim, agent }: TicketSession, { tool, input }: PlannedRun): Promise<boolean> {
  if (tool.needsApproval === undefined) return false;
  return tool.needsApproval(input, { ticket: claim.ticket, agent: agent.name });
}

/** Only a decision on exactly this call with exactly these arguments counts. */
function decisionOn({ claim }: TicketSession, call: PlannedRun): CallDecision | undefined {
  const decision = claim.ticket.decisions?.find(({ callId }) => callId === call.callId);
  return decision !== undefined && decision.hash === hashOf(call) ? decision : undefined;
}

async function applyDecision(
  session: TicketSession,
  { call, decision }: { readonly call: PlannedRun; readonly decision: CallDecision },
): Promise<PlannedCall> {
  if (decision.verdict === "rejected") {
    const reason = decision.reason ?? "no reason was given";
    return toAnswer(call, session.directives.callRejected, { reason });
  }
  return withInput(session, call, decision.input);
}

/** The call with arguments that a person gave it, if one did. */
async function withInput(
  { directives }: TicketSession,
  call: PlannedRun,
  edited: JsonValue | undefined,
): Promise<PlannedCall> {
  if (edited === undefined) return call;
  const parsed = await parseSafely(call.tool, edited);
  if (parsed.ok) return { ...call, input: parsed.value, repairs: ["input: edited by a person"], edited };
  return toAnswer(call, directives.inputInvalid, { issues: formatIssues(parsed.issues) });
}

function toAnswer(call: PlannedRun, template: string, values: Record<string, string>): PlannedCall {
  const { name } = call.tool;
  return {
    kind: "answer",
    call: call.call,
    callId: call.callId,
    tool: name,
    message: renderTemplate(template, { tool: name, ...values }),
    retry: false,
  };
}

function toPending(call: PlannedRun): PendingCall {
  return { callId: call.callId, tool: call.tool.name, input: call.call.input, hash: hashOf(call) };
}

/** SHA-256 of tool and arguments as the model gave them; 128 bits of it are kept. */
function hashOf({ tool, call }: PlannedRun): string {
  const { createHash } = process.getBuiltinModule("node:crypto");
  return createHash("sha256")
    .update(canonical([tool.name, call.input]))
    .digest("hex")
    .slice(0, 32);
}

/** The same text for the same value, in whatever order its properties stand. */
function canonical(value: JsonValue): string {
  return JSON.stringify(value, (_name, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1)))
      : item,
  );
}
