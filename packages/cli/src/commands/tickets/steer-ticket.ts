import {
  AgentwerkError,
  type JsonValue,
  type PendingCall,
  type Ticket,
  toErrorMessage,
} from "@agentwerk/core";
import type { CommandContext } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { readTextArgument } from "../../cli/parse-values.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { describeOutcome, listCalls, type Outcome, openCalls, refuseDecision } from "./describe-outcome.ts";
import { readKey } from "./read-set.ts";
import { userName } from "./user-name.ts";
import { withQueue } from "./with-queue.ts";

export interface ReplyOptions {
  readonly key: string;
  readonly text: readonly string[];
  readonly as?: string | undefined;
  readonly json?: true | undefined;
}

export async function replyToTicket(options: ReplyOptions, context: CommandContext): Promise<ExitCode> {
  const key = readKey(options.key);
  const text = await readTextArgument(options.text, "reply");
  const author = options.as ?? userName();
  const outcome = await withQueue(context, async (tickets) => {
    const ticket = await tickets.reply(key, text, { author });
    return { ticket, explanation: await tickets.explain(key), isReply: true };
  });
  return tell(outcome, { context, isJson: options.json === true });
}

export interface DecideOptions {
  readonly key: string;
  readonly call: string | undefined;
  readonly verdict: "approved" | "rejected";
  readonly all?: true | undefined;
  /** Of an approval. */
  readonly input?: string | undefined;
  /** Of a rejection. */
  readonly reason?: string | undefined;
  readonly as?: string | undefined;
  readonly json?: true | undefined;
}

export async function decideCalls(options: DecideOptions, context: CommandContext): Promise<ExitCode> {
  const key = readKey(options.key);
  const by = options.as ?? userName();
  const input = options.input === undefined ? undefined : parseInput(options.input);
  const outcome = await withQueue(context, async (tickets) => {
    const handle = await tickets.ticket(key);
    let decided = await handle.get();
    const calls = chooseCalls(decided, options);
    if (input !== undefined && calls.length > 1) throw new UsageError("--input is for one call; name it.");
    for (const call of calls) {
      decided =
        options.verdict === "approved"
          ? await tickets.approve(key, call, { by, ...(input === undefined ? {} : { input }) })
          : await tickets.reject(key, call, {
              by,
              ...(options.reason === undefined ? {} : { reason: options.reason }),
            });
    }
    return { ticket: decided, explanation: await tickets.explain(key), isReply: false };
  });
  return tell(outcome, { context, isJson: options.json === true });
}

/** Nothing is decided that was not named, unless there is only one thing to decide. */
function chooseCalls(ticket: Ticket, { call: id, all }: DecideOptions): readonly PendingCall[] {
  const { key } = ticket;
  const calls = openCalls(ticket);
  if (calls === undefined) throw new AgentwerkError({ code: "conflict", message: refuseDecision(ticket) });
  const list = listCalls(calls);
  if (id !== undefined) {
    const found = calls.filter(({ callId }) => callId === id);
    if (found.length > 0) return found;
    throw new UsageError(`${key} waits with no call ${id}; it waits with ${list}.`);
  }
  if (calls.length === 1 || all === true) return calls;
  throw new UsageError(`${key} waits with ${list}; name one of them, or take --all.`);
}

function parseInput(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`--input is not JSON: ${toErrorMessage(cause)}`, { cause });
  }
}

function tell(
  outcome: Outcome,
  { context, isJson }: { readonly context: CommandContext; readonly isJson: boolean },
): ExitCode {
  context.out.write(isJson ? toJsonLine(outcome.ticket) : `${describeOutcome(outcome)}\n`);
  return exitCodes.ok;
}
