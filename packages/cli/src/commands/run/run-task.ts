import {
  Agent,
  type AgentLike,
  knowledgeTool,
  type Ticket,
  type TicketHandle,
  type TicketResults,
  type TicketSystem,
} from "@agentwerk/core";
import { type CommandContext, openProjectOf } from "../../cli/command-context.ts";
import { type ExitCode, exitCodes } from "../../cli/exit-codes.ts";
import { type Interrupts, listenForInterrupts } from "../../cli/interrupts.ts";
import { type LimitOptions, limitsOf } from "../../cli/limits-of.ts";
import { readTextArgument } from "../../cli/parse-values.ts";
import { readSchemaFile } from "../../cli/read-schema-file.ts";
import { unknownAgent } from "../../cli/unknown-agent.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { openSystem } from "../../config/open-system.ts";
import type { AgentEntry, Project } from "../../config/project.ts";
import { count, formatCost, formatDuration, shortNumber } from "../../show/format.ts";
import { formatResult } from "../../show/format-result.ts";
import { toJsonLine } from "../../show/print-json.ts";
import { sanitizeLine } from "../../show/sanitize.ts";
import { answerWaiting } from "./answer-waiting.ts";
import { StreamedAnswer } from "./streamed-answer.ts";

export interface RunTaskOptions extends Omit<LimitOptions, "maxSteps"> {
  readonly task: readonly string[];
  readonly agent?: string | undefined;
  readonly label?: readonly string[] | undefined;
  readonly schema?: string | undefined;
  readonly model?: string | undefined;
  readonly json?: true | undefined;
}

/** Works one ticket in memory until it is final, asking the person at the terminal where an agent asks. */
export async function runTask(options: RunTaskOptions, context: CommandContext): Promise<ExitCode> {
  const project = withModel(await openProjectOf(context), options.model);
  const { agents, labels } = chooseAgents(project, options);
  const task = await readTextArgument(options.task, "task");
  const schema = options.schema === undefined ? undefined : await readSchemaFile(options.schema);
  using interrupts = listenForInterrupts();
  await using tickets = await openSystem(project, {
    agents,
    inMemory: true,
    policy: limitsOf(options),
    adapt: schema === undefined ? answerInText : (agent) => agent,
  });
  const answer = new StreamedAnswer({ ...context, isQuiet: options.json === true });
  const startedAt = performance.now();
  const handle = await tickets.task(task, { labels, schema });
  answer.follow(tickets, handle.key);
  const results = await workToTheEnd({
    tickets,
    handle,
    interrupts,
    context,
    answer,
    isAsking: !options.json,
  });
  const ticket = await handle.get();
  answer.end();
  return conclude({
    ticket,
    results,
    interrupts,
    context,
    options,
    answer,
    ms: performance.now() - startedAt,
  });
}

/** Runs until the ticket is final, or nobody here can bring it further. */
async function workToTheEnd(run: {
  readonly tickets: TicketSystem;
  readonly handle: TicketHandle;
  readonly interrupts: Interrupts;
  readonly context: CommandContext;
  readonly answer: StreamedAnswer;
  readonly isAsking: boolean;
}): Promise<TicketResults> {
  const { tickets, interrupts, answer, isAsking } = run;
  for (;;) {
    const results = await tickets.runDry({ signal: interrupts.asked });
    if (interrupts.exitCode !== undefined || results.reason !== "stalled" || !isAsking) return results;
    answer.pause();
    if (!(await answerWaiting({ tickets, unclaimed: results.unclaimed, interrupts, context: run.context })))
      return results;
  }
}

/** All agents that the configuration describes take the model that was named, as if it named no other. */
function withModel(project: Project, model: string | undefined): Project {
  if (model === undefined) return project;
  const agents = project.agents.map((agent) =>
    "definition" in agent.entry ? agent : { ...agent, entry: { ...agent.entry, model: undefined } },
  );
  return { ...project, config: { ...project.config, model }, agents };
}

/** The agents that take part, and the labels by which the ticket finds one of them. */
function chooseAgents(
  { agents }: Project,
  { agent: name, label: labels = [] }: RunTaskOptions,
): { readonly agents: readonly AgentEntry[]; readonly labels: readonly string[] } {
  const names = agents.map((agent) => agent.name);
  if (name !== undefined) {
    const chosen = agents.find((agent) => agent.name === name);
    if (chosen !== undefined) return { agents: [chosen], labels: [...labels, name] };
    throw unknownAgent(name, names);
  }
  const takers = agents.filter(
    (agent) =>
      (labels.length === 0 && agent.labels.length === 0) ||
      labels.some((label) => label === agent.name || agent.labels.includes(label)),
  );
  if (takers.length > 0) return { agents, labels };
  const [only] = agents;
  if (labels.length === 0 && agents.length === 1 && only !== undefined)
    return { agents, labels: [only.name] };
  const offers = agents.map((agent) => `${agent.name} (${agent.labels.join(", ")})`).join("; ");
  const what = labels.length === 0 ? "tickets without labels" : `the label ${labels.join(", ")}`;
  throw new UsageError(`No agent takes ${what}; choose one with --agent: ${offers}.`);
}

/** Without a schema the text of an agent is the result, so that it can be shown as it comes. */
function answerInText(agent: AgentLike): AgentLike {
  if ("definition" in agent) return agent;
  const { knowledge, tools = [] } = agent;
  return Agent.bare({
    ...agent,
    tools: knowledge === undefined ? tools : [...tools, knowledgeTool(knowledge)],
  });
}

function conclude(end: {
  readonly ticket: Ticket;
  readonly results: TicketResults;
  readonly interrupts: Interrupts;
  readonly context: CommandContext;
  readonly options: RunTaskOptions;
  readonly answer: StreamedAnswer;
  readonly ms: number;
}): ExitCode {
  const { ticket, results, interrupts, context, options, answer, ms } = end;
  const { out, log } = context;
  if (options.json === true) {
    const { violation, unclaimed } = results;
    const reason = ticket.status === "done" ? "done" : results.reason;
    out.write(toJsonLine({ ...ticket, reason, violation, unclaimed, durationMs: Math.round(ms) }));
  } else if (ticket.status === "done" && !answer.hasShown(ticket.result)) {
    out.write(`${formatResult(ticket.result)}\n`);
  }
  if (interrupts.exitCode !== undefined) return interrupts.exitCode;
  if (options.json !== true && ticket.status === "done" && log.isTerminal) {
    log.write(`${log.paint("dim", describeWork(ticket, ms))}\n`);
  }
  if (ticket.status === "done") return exitCodes.ok;
  log.write(`agentwerk: ${explainEnd(ticket, results)}\n`);
  if (results.reason === "policy") return exitCodes.policy;
  return ticket.status === "failed" || ticket.status === "cancelled" ? exitCodes.failed : exitCodes.open;
}

function describeWork({ work }: Ticket, ms: number): string {
  const { usage, cost } = work;
  const parts = [
    formatDuration(ms),
    count(work.requests, "request"),
    ...(work.toolCalls > 0 ? [count(work.toolCalls, "tool call")] : []),
    `${shortNumber(usage.inputTokens)} tokens in, ${shortNumber(usage.outputTokens)} out`,
    ...(cost > 0 ? [formatCost(cost)] : []),
  ];
  return parts.join(", ");
}

function explainEnd(
  { key, status, failure }: Ticket,
  { reason, violation, unclaimed }: TicketResults,
): string {
  if (status === "failed") return sanitizeLine(failure?.message ?? "The ticket failed.");
  if (status === "cancelled") return "The ticket was cancelled.";
  if (reason === "policy" && violation !== undefined) {
    return `The limit ${violation.limit} of ${violation.maximum} was reached; raise it, or leave it out.`;
  }
  const own = unclaimed.find((open) => open.key === key) ?? unclaimed[0];
  const message = sanitizeLine(own?.message ?? "The ticket was left open.");
  const isParked = unclaimed.some((open) => open.reason === "parked");
  return isParked
    ? `${message.replace(/[.;]?$/, "")}; answer on a terminal, or file the task with agentwerk tickets create and answer with tickets reply.`
    : message;
}
