import { toErrorMessage } from "../errors/to-error-message.ts";
import type { ToolResultBlock, UserContent } from "../provider/content.ts";
import { textBlock } from "../provider/content.ts";
import type { Tool } from "../tool/tool.ts";
import type { ToolContext } from "../tool/tool-context.ts";
import {
  type ControlResult,
  isToolResult,
  type ToolResult,
  type ToolReturn,
  toolError,
} from "../tool/tool-result.ts";
import { elapsedSince } from "../util/clock.ts";
import { renderTemplate } from "../util/render-template.ts";
import { generate } from "./generate.ts";
import type { PlannedRun } from "./plan-calls.ts";
import type { TicketSession } from "./ticket-session.ts";
import type { TicketEventDraft } from "./ticket-writer.ts";
import { cutBlocks, toBlocks } from "./tool-output.ts";

export interface FinishedCall {
  readonly block: ToolResultBlock;
  readonly events: readonly TicketEventDraft[];
  readonly failed: boolean;
  /** What a control tool decided. */
  readonly control?: ControlResult;
  /** A question to a person: the call has no result yet, and `block` and `events` are of no use. */
  readonly asks?: string;
}

/**
 * Runs one call to its result. A tool that throws, or is still running when its time is up, is answered as an error;
 * rejects only when the session's signal aborts before the tool has settled.
 */
export async function runCall(session: TicketSession, planned: PlannedRun): Promise<FinishedCall> {
  const { tool, call, callId } = planned;
  const { clock } = session.host;
  const startedAt = clock.now();
  const noted: TicketEventDraft[] = [];
  const { returned, content } = await toContent(session, planned, await settle(session, planned, noted));
  const durationMs = elapsedSince(startedAt, clock);
  const result = isToolResult(returned) ? returned : undefined;
  const failed = result?.kind === "error";
  const asks = result?.kind === "ask" ? result.question : undefined;
  const head = { tool: tool.name, callId, durationMs };
  const isRetry = result?.kind === "retry";
  return {
    block: { type: "tool_result", callId: call.id, content, ...(failed || isRetry ? { isError: true } : {}) },
    events: [
      ...noted,
      failed
        ? { type: "tool_call_failed", ...head, message: result.message }
        : { type: "tool_call_finished", ...head },
    ],
    failed,
    ...(asks !== undefined && { asks }),
    ...(isControl(result) && { control: result }),
  };
}

function isControl(result: ToolResult | undefined): result is ControlResult {
  return (
    result !== undefined && result.kind !== "error" && result.kind !== "content" && result.kind !== "ask"
  );
}

/** What a tool returned, as blocks of a length that fits; what cannot be told to a model is an error of the tool. */
async function toContent(
  session: TicketSession,
  { callId, tool }: PlannedRun,
  returned: ToolReturn,
): Promise<{ readonly returned: ToolReturn; readonly content: readonly UserContent[] }> {
  if (isToolResult(returned) && returned.kind === "ask") {
    if (!tool.control) return { returned, content: [] };
    const failure = toolError("A control tool cannot ask a person in the middle of its call.");
    return { returned: failure, content: toBlocks(failure) };
  }
  const { key } = session.claim.ticket;
  const save = (text: string): Promise<string> => session.host.saveOutput({ ticket: key, callId, text });
  try {
    const template = session.directives.outputCut;
    return { returned, content: await cutBlocks(toBlocks(returned), { template, save }) };
  } catch (error) {
    const failure = toolError(`The tool ran, but its output cannot be shown: ${toErrorMessage(error)}`);
    return { returned: failure, content: toBlocks(failure) };
  }
}

/** How long a tool may take to clean up after the session's signal aborted, before it is left behind. */
const graceMs = 5_000;

/** A timer that fires so many milliseconds late shows that the whole process was held up: the tool could not go on either. */
const heldUpMs = 100;

async function settle(
  session: TicketSession,
  planned: PlannedRun,
  noted: TicketEventDraft[],
): Promise<ToolReturn> {
  const { tool, input } = planned;
  const stopper = new Stopper();
  try {
    const running = tool.run(input, toContext(session, planned, { stopper, noted }));
    return isThenable(running)
      ? await settleInTime(session, { tool, running: Promise.resolve(running), stopper })
      : running;
  } catch (error) {
    if (session.signal.aborted) throw error;
    return toolError(toErrorMessage(error));
  }
}

/**
 * Waits for a tool, for its time to be up, or for the session to be aborted and the tool's grace with it. Time in which the
 * process was held up, by another call or because its machine slept, is given to the tool again.
 */
async function settleInTime(
  session: TicketSession,
  call: { readonly tool: Tool; readonly running: Promise<ToolReturn>; readonly stopper: Stopper },
): Promise<ToolReturn> {
  const { tool, running, stopper } = call;
  const { clock } = session.host;
  const timeoutMs = tool.timeoutMs ?? session.limits.toolTimeoutMs;
  const stop = Promise.withResolvers<ToolReturn>();
  let cancelGrace = (): void => {};
  const onAbort = (): void => {
    const { reason } = session.signal;
    stopper.abort(reason);
    cancelGrace = clock.setTimer(() => stop.reject(reason), graceMs, { keepAlive: true });
  };
  const startTimer = (ms: number): (() => void) => {
    const dueAt = clock.now() + ms;
    return clock.setTimer(() => onTimer(clock.now() - dueAt), ms, { keepAlive: true });
  };
  const onTimer = (lateMs: number): void => {
    if (lateMs > heldUpMs) {
      cancelTimer = startTimer(Math.min(lateMs, timeoutMs));
      return;
    }
    stopper.abort(new DOMException("The tool's time is up", "TimeoutError"));
    const template = session.directives.toolTimedOut;
    stop.resolve(toolError(renderTemplate(template, { tool: tool.name, duration: `${timeoutMs} ms` })));
  };
  let cancelTimer = startTimer(timeoutMs);
  session.signal.addEventListener("abort", onAbort, { once: true });
  if (session.signal.aborted) onAbort();
  try {
    return await Promise.race([running, stop.promise]);
  } finally {
    cancelTimer();
    cancelGrace();
    session.signal.removeEventListener("abort", onAbort);
  }
}

/** Also the lazy queries of database libraries, which are no promises. */
function isThenable(value: ToolReturn | Promise<ToolReturn>): value is Promise<ToolReturn> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** The signal of one call, made only for tools that ask for it: most are done before anything could stop them. */
class Stopper {
  #controller: AbortController | undefined;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#controller ??= new AbortController();
    this.#controller.abort(reason);
  }
}

function toContext(
  session: TicketSession,
  { tool, callId }: PlannedRun,
  { stopper, noted }: { readonly stopper: Stopper; readonly noted: TicketEventDraft[] },
): ToolContext {
  const { host, agent, claim } = session;
  const { ticket } = claim;
  return {
    get signal() {
      return stopper.signal;
    },
    dir: agent.dir,
    ticket,
    agent: agent.name,
    callId,
    answers: session.asked.get(callId)?.answers ?? noAnswers,
    get accepts() {
      return new Set(agent.model.accepts);
    },
    tickets: host.tickets,
    tools: session.tools.all,
    report: (message) =>
      host.emit({
        type: "tool_progress_reported",
        tool: tool.name,
        callId,
        message,
        agent: agent.name,
        ticket: ticket.key,
        labels: ticket.labels,
      }),
    generate(request) {
      const signal = AbortSignal.any([session.signal, stopper.signal]);
      return generate({ ...session, signal }, request);
    },
    emit: (event) => void noted.push(event),
  };
}

const noAnswers: readonly string[] = [];

/** The block that answers a call which did not run. */
export function refusedCall(callId: string, message: string): ToolResultBlock {
  return { type: "tool_result", callId, content: [textBlock(message)], isError: true };
}
