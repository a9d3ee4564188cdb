import { isDeepStrictEqual } from "node:util";
import type { JsonValue, TaskOptions, Ticket, TicketSystem } from "@agentwerk/core";
import { toErrorMessage } from "@agentwerk/core";
import type { CommandContext } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { listenForInterrupts } from "../../cli/interrupts.ts";
import { keepAlive } from "../../cli/keep-alive.ts";
import { readTextArgument } from "../../cli/parse-values.ts";
import { readSchemaFile } from "../../cli/read-schema-file.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { formatResult } from "../../show/format-result.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { sanitizeLine } from "../../show/sanitize.ts";
import { inOptions } from "./in-options.ts";
import { readKey } from "./read-set.ts";
import { userName } from "./user-name.ts";
import { withQueue } from "./with-queue.ts";

export interface CreateTicketOptions {
  readonly task: readonly string[];
  readonly label?: readonly string[] | undefined;
  readonly schema?: string | undefined;
  readonly priority?: number | undefined;
  readonly notBefore?: number | undefined;
  readonly blockedBy?: readonly string[] | undefined;
  readonly onBlockerFailed?: "wait" | "fail" | undefined;
  readonly parent?: string | undefined;
  readonly var?: Readonly<Record<string, string>> | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly maxCost?: number | undefined;
  readonly maxInputTokens?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly taskJson?: true | undefined;
  readonly wait?: true | undefined;
  readonly json?: true | undefined;
}

export async function createTicket(options: CreateTicketOptions, context: CommandContext): Promise<ExitCode> {
  const text = await readTextArgument(options.task, "task");
  const task = options.taskJson === true ? parseTask(text) : text;
  const schema = options.schema === undefined ? undefined : await readSchemaFile(options.schema);
  return withQueue(context, async (tickets) => {
    let isNew = options.idempotencyKey === undefined;
    tickets.on("ticket_created", () => {
      isNew = true;
    });
    const handle = await tickets
      .task(task, { ...toTaskOptions(options), schema })
      .catch((error: unknown) => Promise.reject(inOptions(error)));
    const ticket = await handle.get();
    if (!isNew) tellExisting(ticket, { task, context });
    if (options.wait === true) return waitFor(tickets, { key: handle.key, isNew, options, context });
    const { status } = ticket;
    if (options.json === true) context.out.write(toJsonLine({ ...ticket, isNew }));
    else context.out.write(`${handle.key}\n`);
    const { reason, message } = await tickets.explain(handle.key);
    if (status === "todo" && reason === "no_agent")
      context.log.write(`agentwerk: ${sanitizeLine(message)}\n`);
    return exitCodes.ok;
  });
}

/** Whoever reuses a key by mistake would otherwise wait for work that nobody does. */
function tellExisting(
  ticket: Ticket,
  { task, context }: { readonly task: JsonValue; readonly context: CommandContext },
): void {
  const { key } = ticket;
  const problem = `agentwerk: ${key} has this idempotency key already`;
  const text = isDeepStrictEqual(ticket.task, task)
    ? `${problem}; nothing was filed.`
    : `${problem}, with another task; nothing was filed. agentwerk tickets show ${key} shows it.`;
  context.log.write(`${text}\n`);
}

function toTaskOptions(options: CreateTicketOptions): Omit<TaskOptions, "schema"> {
  const { maxCost, maxInputTokens, maxOutputTokens } = options;
  return {
    labels: options.label,
    priority: options.priority,
    notBefore: options.notBefore,
    blockedBy: options.blockedBy?.map((key) => readKey(key)),
    onBlockerFailed: options.onBlockerFailed,
    parent: options.parent === undefined ? undefined : readKey(options.parent),
    templateVariables: options.var,
    idempotencyKey: options.idempotencyKey,
    budget:
      (maxCost ?? maxInputTokens ?? maxOutputTokens) === undefined
        ? undefined
        : { maxCost, maxInputTokens, maxOutputTokens },
    reporter: userName(),
  };
}

function parseTask(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`The task is not JSON: ${toErrorMessage(cause)}`, { cause });
  }
}

async function waitFor(
  tickets: TicketSystem,
  wait: {
    readonly key: string;
    readonly isNew: boolean;
    readonly options: CreateTicketOptions;
    readonly context: CommandContext;
  },
): Promise<ExitCode> {
  const { key, isNew, options, context } = wait;
  const { out, log } = context;
  using interrupts = listenForInterrupts();
  using _alive = keepAlive();
  if (options.json !== true) log.write(`${log.paint("dim", `Waiting for ${key}.`)}\n`);
  const handle = await tickets.ticket(key);
  try {
    const ticket = await handle.finished({ signal: interrupts.asked });
    if (options.json === true) out.write(toJsonLine({ ...ticket, isNew }));
    else if (ticket.status === "done") out.write(`${formatResult(ticket.result)}\n`);
    if (ticket.status === "done") return exitCodes.ok;
    log.write(
      `agentwerk: ${key} is ${ticket.status}: ${sanitizeLine(ticket.failure?.message ?? "no reason given")}\n`,
    );
    return exitCodes.failed;
  } catch (error) {
    if (interrupts.exitCode === undefined) throw error;
    log.write(`agentwerk: ${key} stays on the queue.\n`);
    return interrupts.exitCode;
  }
}
