import type { AgentLike, AgentwerkEvent, TicketResults, TicketSystem } from "@agentwerk/core";
import { transientEventTypes } from "@agentwerk/core";
import { type CommandContext, openProjectOf } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { type Interrupts, listenForInterrupts } from "../../cli/interrupts.ts";
import { type LimitOptions, limitsOf } from "../../cli/limits-of.ts";
import { unknownAgent } from "../../cli/unknown-agent.ts";
import { openSystem } from "../../config/open-system.ts";
import type { AgentEntry, Project } from "../../config/project.ts";
import { count } from "../../show/format.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { sanitizeLine } from "../../show/sanitize.ts";
import { WorkView } from "./work-view.ts";

export interface WorkQueueOptions extends LimitOptions {
  readonly untilDry?: true | undefined;
  readonly agent?: readonly string[] | undefined;
  readonly concurrency?: number | undefined;
  readonly json?: true | undefined;
}

/** Works the configured store until it is dry, a limit is reached or somebody stops it. */
export async function workQueue(options: WorkQueueOptions, context: CommandContext): Promise<ExitCode> {
  const project = await openProjectOf(context);
  const agents = chooseAgents(project, options.agent);
  using interrupts = listenForInterrupts();
  await using tickets = await openSystem(project, {
    agents,
    policy: limitsOf(options),
    adapt: (agent) => withConcurrency(agent, options.concurrency),
  });
  // Nobody listened to a signal that came meanwhile, and nothing has begun.
  if (interrupts.exitCode !== undefined) return interrupts.exitCode;
  const results =
    options.json === true
      ? await workAsLines(tickets, { options, interrupts, context })
      : await workInView(tickets, { options, interrupts, context, agents });
  return conclude(results, { interrupts, context, isQuiet: options.json === true });
}

interface WorkRun {
  readonly options: WorkQueueOptions;
  readonly interrupts: Interrupts;
  readonly context: CommandContext;
}

/** Each event as a line of JSON; text as it comes only with `--verbose`. */
async function workAsLines(tickets: TicketSystem, run: WorkRun): Promise<TicketResults> {
  run.interrupts.asked.addEventListener("abort", () => tickets.stop(), { once: true });
  const ended = new AbortController();
  const printing = printEvents(tickets.events({ signal: ended.signal }), run.context);
  try {
    const results = await work(tickets, run);
    await printing;
    return results;
  } finally {
    ended.abort();
  }
}

/** The end of the run is the last line. */
async function printEvents(
  events: AsyncIterable<AgentwerkEvent>,
  { out, globals }: CommandContext,
): Promise<void> {
  for await (const event of events) {
    if (!transientEventTypes.has(event.type) || globals.verbose === true) out.write(toJsonLine(event));
    if (event.type === "run_finished") return;
  }
}

async function workInView(
  tickets: TicketSystem,
  run: WorkRun & { readonly agents: readonly AgentEntry[] },
): Promise<TicketResults> {
  const { interrupts, context, agents } = run;
  using view = new WorkView({ tickets, context, agents });
  interrupts.asked.addEventListener(
    "abort",
    () => {
      view.line("yellow", "Stopping: the turns in hand are finished first. Once more to stop at once.");
      tickets.stop();
    },
    { once: true },
  );
  interrupts.now.addEventListener("abort", () => view.line("yellow", "Stopping at once."), { once: true });
  await view.start();
  return await work(tickets, run);
}

function work(tickets: TicketSystem, { options, interrupts }: WorkRun): Promise<TicketResults> {
  const signal = interrupts.now;
  return options.untilDry === true ? tickets.runDry({ signal }) : tickets.run({ signal });
}

/** Open tickets that are told one by one at the end. */
const mostListed = 20;

function conclude(
  results: TicketResults,
  {
    interrupts,
    context,
    isQuiet,
  }: { readonly interrupts: Interrupts; readonly context: CommandContext; readonly isQuiet: boolean },
): ExitCode {
  const { log } = context;
  const { reason, violation, unclaimed, tickets, failed } = results;
  const done = tickets.filter(({ status }) => status === "done").length;
  if (!isQuiet) {
    const parts = [`${count(done, "ticket")} done`, `${failed.length} failed`];
    if (unclaimed.length > 0) parts.push(`${unclaimed.length} left open`);
    context.out.write(`${parts.join(", ")}: ${describeEnd(results, interrupts)}\n`);
    for (const { message } of unclaimed.slice(0, mostListed)) log.write(`  ${sanitizeLine(message)}\n`);
    if (violation !== undefined) {
      log.write(
        `agentwerk: The limit ${violation.limit} of ${violation.maximum} was reached; raise it to go on.\n`,
      );
    }
  }
  if (interrupts.exitCode !== undefined) return interrupts.exitCode;
  if (reason === "policy") return exitCodes.policy;
  if (reason === "stalled") return exitCodes.open;
  return failed.length > 0 ? exitCodes.failed : exitCodes.ok;
}

function describeEnd({ reason }: TicketResults, { exitCode }: Interrupts): string {
  if (exitCode !== undefined) return "stopped";
  const words = {
    drained: "the queue is dry",
    stopped: "stopped",
    policy: "a limit was reached",
    stalled: "what is left cannot be worked",
  } as const;
  return words[reason];
}

function chooseAgents({ agents }: Project, names: readonly string[] | undefined): readonly AgentEntry[] {
  if (names === undefined) return agents;
  const known = agents.map(({ name }) => name);
  for (const name of names) {
    if (!known.includes(name)) throw unknownAgent(name, known);
  }
  return agents.filter(({ name }) => names.includes(name));
}

function withConcurrency(agent: AgentLike, concurrency: number | undefined): AgentLike {
  if (concurrency === undefined) return agent;
  if (!("definition" in agent)) return { ...agent, concurrency };
  return { definition: { ...agent.definition, concurrency } };
}
