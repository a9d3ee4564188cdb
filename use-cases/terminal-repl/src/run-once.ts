import { assertNever, type Work } from "@agentwerk/core";
import { complain, type Terminal, toJsonLine } from "@agentwerk/use-cases-shared";
import { prompts } from "./prompts.ts";
import type { SessionHost } from "./session/session-host.ts";
import type { TurnView } from "./show/turn-view.ts";

export interface OnceOptions {
  readonly sessions: SessionHost;
  readonly view: TurnView;
  readonly out: Terminal;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** One message and its answer. Calls that need consent are rejected: nobody is there to give it. */
export async function runOnce(text: string, options: OnceOptions): Promise<number> {
  const { sessions, view, signal } = options;
  const rejected: string[] = [];
  const before = (await sessions.chat.ticket())?.work;
  await sessions.say(text);
  for (;;) {
    view.start();
    const end = await sessions.chat.work(signal);
    if (end.kind === "answered") view.finish(end.text);
    else view.stop();
    switch (end.kind) {
      case "answered":
        await printJson({ ...options, answer: end.text, problem: undefined, rejected, before });
        return 0;
      case "interrupted":
        return 130;
      case "failed":
        await printJson({ ...options, answer: undefined, problem: end.message, rejected, before });
        complain("terminal-repl", `${end.message} ${sessions.chosen.advice}`);
        return 1;
      case "approval":
        for (const call of end.calls) {
          rejected.push(call.tool);
          await sessions.chat.decide(call, { kind: "reject", reason: prompts["rejected-unattended"] });
        }
        break;
      default:
        assertNever(end);
    }
  }
}

async function printJson(
  end: OnceOptions & {
    readonly answer: string | undefined;
    readonly problem: string | undefined;
    readonly rejected: readonly string[];
    /** What the session had used when this turn began. */
    readonly before: Work | undefined;
  },
): Promise<void> {
  const { sessions, out, json, answer, problem, rejected, before } = end;
  const ticket = await sessions.chat.ticket();
  if (!json || ticket === undefined) return;
  const used = (read: (work: Work) => number): number =>
    read(ticket.work) - (before === undefined ? 0 : read(before));
  const usage = {
    requests: used((work) => work.requests),
    toolCalls: used((work) => work.toolCalls),
    inputTokens: used((work) => work.usage.inputTokens),
    outputTokens: used((work) => work.usage.outputTokens),
    cost: used((work) => work.cost),
  };
  const head = {
    answer: answer ?? null,
    problem: problem ?? null,
    session: ticket.key,
    model: sessions.model.name,
  };
  out.write(toJsonLine({ ...head, rejected, ...usage }));
}
