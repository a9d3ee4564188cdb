import type { Explanation, PendingCall, Ticket } from "@agentwerk/core";
import { sanitizeLine } from "../../show/sanitize.ts";

/** A ticket after somebody replied or decided. */
export interface Outcome {
  readonly ticket: Ticket;
  /** Why it does not move, as the agents of the configuration are. */
  readonly explanation: Explanation;
  readonly isReply: boolean;
}

/** Where the ticket stands, and what brings it further. */
export function describeOutcome({ ticket, explanation, isReply }: Outcome): string {
  const { key, status, lease } = ticket;
  const calls = openCalls(ticket);
  if (calls !== undefined) {
    const still = isReply ? "has the reply, and still" : "still";
    const which = calls.length > 1 ? " with one of them, or --all" : "";
    return `${key} ${still} waits for an approval of ${listCalls(calls)}: agentwerk tickets approve ${key}${which}; or reject.`;
  }
  if (status === "in_progress" && lease === undefined) {
    const { reason, message } = explanation;
    if (reason === "moving") return `${key} can go on: a running worker takes it, or agentwerk work.`;
    return sanitizeLine(reason === "no_agent" ? `${key} could go on. ${message}` : message);
  }
  return isReply ? `${key} has the reply, and is ${status}.` : `${key} is ${status}.`;
}

/** Why nothing can be decided on a ticket, with what it waits for instead. */
export function refuseDecision({ key, status, waiting }: Ticket): string {
  return waiting?.for === "reply"
    ? `${key} waits for a reply, not for an approval: agentwerk tickets reply ${key} "…"`
    : `${key} waits for no approval: it is ${status}. agentwerk tickets explain ${key} says more.`;
}

/** The calls about which nobody has decided; `undefined` for a ticket that waits for no approval. */
export function openCalls({ waiting, decisions = [] }: Ticket): readonly PendingCall[] | undefined {
  if (waiting?.for !== "approval") return undefined;
  return waiting.calls.filter(({ callId }) => decisions.every((made) => made.callId !== callId));
}

/** Calls by their ids, with the tools that they are for. */
export function listCalls(calls: readonly PendingCall[]): string {
  return calls.map(({ callId, tool }) => `${sanitizeLine(callId)} (${sanitizeLine(tool)})`).join(", ");
}
