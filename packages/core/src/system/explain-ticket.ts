import type { AgentDefinition } from "../agent/agent-definition.ts";
import { claimLabels } from "../agent/agent-definition.ts";
import type { UnclaimedTicket } from "../event/event.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { assertNever } from "../util/assert-never.ts";
import type { BudgetState } from "./budget-state.ts";
import { describeFailure } from "./ticket-error.ts";
import type { PolicyViolation } from "./ticket-results.ts";

/** Why a ticket does not move; `moving` when something is about to happen, `final` when all has happened. */
export interface Explanation {
  readonly key: Ticket["key"];
  readonly status: Ticket["status"];
  readonly reason: UnclaimedTicket["reason"] | "moving" | "final";
  /** For people: names the label, the blocker, the question. */
  readonly message: string;
  /** The tickets that it waits for, where any is not done. */
  readonly blockers?: readonly Pick<Ticket, "key" | "status">[] | undefined;
  /** The limits over it, those of its own and its ancestors' budgets first, then those of the run that is going on. */
  readonly budgets?: readonly BudgetState[] | undefined;
  /** Its attempts that failed, the oldest first. */
  readonly failures?: Ticket["failures"];
}

export interface ExplainOptions {
  readonly ticket: Ticket;
  readonly agents: readonly AgentDefinition[];
  /** The tickets named in `blockedBy`. */
  readonly blockers: readonly Ticket[];
  readonly now: number;
  /** Of the last run, if a limit ended it. */
  readonly violation?: PolicyViolation | undefined;
}

export function explainTicket(options: ExplainOptions): Explanation {
  const { ticket, blockers } = options;
  const open = blockers.filter(({ status }) => status !== "done").map(({ key, status }) => ({ key, status }));
  return {
    ...explainStatus(options),
    ...(open.length > 0 && { blockers: open }),
    ...(ticket.failures !== undefined && { failures: ticket.failures }),
  };
}

function explainStatus(options: ExplainOptions): Explanation {
  const { ticket } = options;
  const { key, status } = ticket;
  switch (status) {
    case "todo":
      return { key, status, ...explainTodo(options) };
    case "in_progress":
      return { key, status, ...explainInProgress(options) };
    case "waiting":
      return ticket.waiting?.for === "blockers"
        ? { key, status, ...explainTodo(options) }
        : { key, status, reason: "parked", message: explainWaiting(ticket) };
    case "done":
      return { key, status, reason: "final", message: `${key} is done.` };
    case "failed":
      return {
        key,
        status,
        reason: "final",
        message: describeFailure(ticket),
      };
    case "cancelled":
      return { key, status, reason: "final", message: `${key} was cancelled.` };
    default:
      return assertNever(status);
  }
}

function explainInProgress(options: ExplainOptions): Pick<Explanation, "reason" | "message"> {
  const { key, agent, lease } = options.ticket;
  if (lease === undefined) return explainTodo(options);
  const until = new Date(lease.until).toISOString();
  const holder = `${agent ?? "an agent"} (worker ${lease.worker})`;
  if (lease.until > options.now) {
    return {
      reason: "leased",
      message: `${key} is being worked by ${holder}; its lease runs until ${until}.`,
    };
  }
  return { reason: "leased", message: `${key} was left by ${holder}, whose lease ran out at ${until}.` };
}

function explainTodo({
  ticket,
  agents,
  blockers,
  now,
  violation,
}: ExplainOptions): Pick<Explanation, "reason" | "message"> {
  const { key, labels, notBefore } = ticket;
  const dead = blockers.filter((blocker) => blocker.status === "failed" || blocker.status === "cancelled");
  if (dead.length > 0) {
    const ends = dead.map((blocker) => `${blocker.key}, which is ${blocker.status}`).join(", and ");
    return {
      reason: "blocker_failed",
      message: `${key} waits for ${ends}; retry ${dead.length === 1 ? "that one" : "those"} or cancel this one.`,
    };
  }
  const open = blockers.filter(({ status }) => status !== "done").map((blocker) => blocker.key);
  if (open.length > 0) return { reason: "blocked", message: `${key} waits for ${open.join(", ")}.` };
  if (!agents.some((agent) => takes(agent, labels))) {
    return {
      reason: "no_agent",
      message: `No agent here takes ${describeLabels(labels)} of ${key}; ${describeAgents(agents)}`,
    };
  }
  if (notBefore !== undefined && notBefore > now) {
    return {
      reason: "not_before",
      message: `${key} is not to be started before ${new Date(notBefore).toISOString()}.`,
    };
  }
  if (violation !== undefined) {
    return {
      reason: "budget",
      message: `${key} is ready, but the last run here ended at ${violation.limit} (${violation.value} of ${violation.maximum}); start another run.`,
    };
  }
  return { reason: "moving", message: `${key} is ready and waits for a free agent.` };
}

function takes(agent: AgentDefinition, labels: readonly string[]): boolean {
  const wanted = claimLabels(agent);
  return labels.length === 0 ? wanted.includes("") : labels.some((label) => wanted.includes(label));
}

function describeLabels(labels: readonly string[]): string {
  if (labels.length === 0) return "tickets without labels such as that";
  return `the label${labels.length > 1 ? "s" : ""} ${labels.join(", ")}`;
}

function describeAgents(agents: readonly AgentDefinition[]): string {
  if (agents.length === 0) return "there are no agents: add one with tickets.agent().";
  const offers = agents.map(
    ({ name, labels }) => `${name} (${labels.length === 0 ? "no label" : labels.join(", ")})`,
  );
  return `the agents are ${offers.join("; ")}.`;
}

function explainWaiting({ key, waiting }: Ticket): string {
  switch (waiting?.for) {
    case "reply":
      return `${key} waits for a reply to: ${waiting.question}`;
    case "approval": {
      const names = waiting.calls.map(({ tool, callId }) => `${tool} (${callId})`).join(", ");
      return `${key} waits for an approval of ${names}; decide with approve or reject.`;
    }
    case "blockers":
      return `${key} waits for ${waiting.blockers.join(", ")}.`;
    case "children":
      return `${key} waits for the tickets that it filed.`;
    case undefined:
      return `${key} is parked.`;
    default:
      return assertNever(waiting);
  }
}
