import { textBlock } from "../../provider/content.ts";
import { closeOpenCalls } from "../../ticket/close-open-calls.ts";
import type { ReplyDraft } from "../../ticket/reply.ts";
import { type CallDecision, isFinal, type Ticket } from "../../ticket/ticket.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";
import { assertNever } from "../../util/assert-never.ts";
import {
  checkJson,
  checkLabels,
  checkPriority,
  checkSchema,
  checkText,
  checkTime,
} from "../rules/check-draft.ts";
import { invalidInput, ticketConflict, ticketNotFound } from "../rules/store-errors.ts";
import type { TicketState } from "../rules/ticket-state.ts";
import { decide, offerAgain, reopen } from "../rules/transitions.ts";
import type { TicketEdit, TicketUpdate } from "../ticket-store.ts";
import { deadBlockers, parkBehind, unparkBehind } from "./blockers.ts";
import { appendReplies } from "./commit-step.ts";
import { finishTicket } from "./finish-ticket.ts";
import { forfeitReservation } from "./reserve.ts";
import type { Later } from "./tables.ts";
import type { Transaction } from "./transaction.ts";

type Update<Type extends TicketUpdate["type"]> = Extract<TicketUpdate, { readonly type: Type }>;

const editableFields = ["task", "labels", "schema", "priority", "notBefore"] as const;

/** Checks what can be checked without the ticket, and copies what will be kept. */
export function checkUpdate(change: TicketUpdate): TicketUpdate {
  switch (change.type) {
    case "reply":
      if (!Array.isArray(change.content) || change.content.length === 0) {
        throw invalidInput("content", "is empty; give at least one block of text, image or document.");
      }
      if (change.content.every((block) => block.type === "text" && block.text.trim() === "")) {
        throw invalidInput("content", "says nothing; give a text that is not blank.");
      }
      return change;
    case "cancel":
      return change;
    case "retry":
      if (change.model !== undefined) checkText(change.model, "model");
      return change.labels === undefined
        ? change
        : { ...change, labels: checkLabels(change.labels, "labels") };
    case "decide":
      return { type: "decide", decision: checkDecision(change.decision) };
    case "edit":
      return checkEdit(change);
    default:
      return assertNever(change);
  }
}

function checkDecision(decision: CallDecision): CallDecision {
  const { callId, hash, verdict, input } = decision;
  if (verdict !== "approved" && verdict !== "rejected") {
    throw invalidInput("decision.verdict", `is ${String(verdict)}; give approved or rejected.`);
  }
  if (typeof callId !== "string" || typeof hash !== "string") {
    throw invalidInput("decision", "has to name callId and hash of the call that waits.");
  }
  return input === undefined ? decision : { ...decision, input: checkJson(input, "decision.input") };
}

function checkEdit(change: TicketEdit): Update<"edit"> {
  const { task, labels, schema, priority, notBefore } = change;
  if (editableFields.every((field) => change[field] === undefined)) {
    throw invalidInput("change", `names nothing to edit; give at least one of ${editableFields.join(", ")}.`);
  }
  return {
    type: "edit",
    ...(task !== undefined && { task: checkJson(task, "task") }),
    ...(labels !== undefined && { labels: checkLabels(labels, "labels") }),
    ...(schema !== undefined && { schema: checkSchema(schema, "schema") }),
    ...(priority !== undefined && { priority: checkPriority(priority, "priority") }),
    ...(notBefore !== undefined && { notBefore: checkTime(notBefore, "notBefore") }),
  };
}

/** Applies what a person does, or throws before anything of it was written. */
export function updateTicket(tx: Transaction, key: TicketKey, change: TicketUpdate): Later<Ticket> {
  const state = tx.load(key);
  if (state === undefined) throw ticketNotFound(key);
  switch (change.type) {
    case "reply":
      replyTo(tx, state, change);
      break;
    case "cancel":
      cancel(tx, state, change);
      break;
    case "retry":
      retry(tx, state, change);
      break;
    case "decide":
      decideCall(tx, state, change.decision);
      break;
    case "edit":
      edit(tx, state, change);
      break;
    default:
      assertNever(change);
  }
  return tx.tables.ticketOf(tx.load(key) ?? state);
}

function replyTo(tx: Transaction, state: TicketState, { content, author }: Update<"reply">): void {
  if (isFinal(state.status)) {
    throw ticketConflict(state.key, `is ${state.status} and takes no more replies. File a new ticket.`);
  }
  const answered = withReply(tx, state, { message: { role: "user", content }, purpose: "comment", author });
  tx.save(state.waiting?.for === "reply" ? offerAgain(answered) : answered);
  tx.emit({
    type: "ticket_replied",
    ticket: state.key,
    labels: state.labels,
    ...(author !== undefined && { author }),
  });
}

function cancel(tx: Transaction, state: TicketState, { reason }: Update<"cancel">): void {
  if (isFinal(state.status)) {
    throw ticketConflict(state.key, `is already ${state.status}; the first outcome is the last.`);
  }
  const closed = closeConversation(tx, forfeitReservation(tx, state), reason);
  tx.emit({
    type: "ticket_cancelled",
    ticket: state.key,
    labels: state.labels,
    ...(reason !== undefined && { reason }),
  });
  finishTicket(tx, closed, "cancelled");
}

function closeConversation(tx: Transaction, state: TicketState, reason: string | undefined): TicketState {
  if (state.replies === 0) return state;
  const text = `The ticket was cancelled${reason === undefined ? "" : ` (${reason})`} before this call had a result.`;
  const draft = closeOpenCalls(tx.tables.repliesOf(state, 0)(), text);
  return draft === undefined ? state : withReply(tx, state, draft);
}

function retry(tx: Transaction, state: TicketState, { note, labels, model }: Update<"retry">): void {
  if (state.status !== "failed") {
    throw ticketConflict(state.key, `is ${state.status}; only failed tickets can be retried.`);
  }
  const { failure, blockedBy } = tx.tables.ticketOf(state)();
  tx.tables.clearEnd(state.key);
  // The comment also starts the counts of turns and corrections anew.
  const text =
    note ?? `The work on this ticket failed before: ${failure?.message ?? "no reason given"} Try again.`;
  const noted = withReply(tx, state, {
    message: { role: "user", content: [textBlock(text)] },
    purpose: "comment",
  });
  const openBlockers = blockedBy.filter((key) => (tx.load(key)?.status ?? "done") !== "done").length;
  const after = tx.save({
    ...reopen(noted),
    openBlockers,
    ...(labels !== undefined && { labels }),
    ...(model !== undefined && { model }),
  });
  const parent = after.parent === undefined ? undefined : tx.load(after.parent);
  if (parent !== undefined) tx.save({ ...parent, openChildren: parent.openChildren + 1 });
  tx.emit({
    type: "ticket_retried",
    ticket: after.key,
    labels: after.labels,
    ...(note !== undefined && { note }),
    ...(model !== undefined && { model }),
  });
  if (after.dependents > 0) unparkBehind(tx, after.key);
  const dead = deadBlockers(tx, blockedBy);
  if (dead.length > 0) parkBehind(tx, after, dead);
}

function decideCall(tx: Transaction, state: TicketState, decision: CallDecision): void {
  const { callId, hash, verdict, reason, by } = decision;
  const { waiting } = state;
  const call =
    waiting?.for === "approval" ? waiting.calls.find((pending) => pending.callId === callId) : undefined;
  if (call === undefined) throw ticketConflict(state.key, `waits for no decision on ${callId}.`);
  if (call.hash !== hash) {
    throw ticketConflict(
      state.key,
      `asks about ${callId} with other arguments; look at the call again and decide anew.`,
    );
  }
  if (state.decisions?.some((made) => made.callId === callId) === true) {
    throw ticketConflict(state.key, `has a decision on ${callId} already.`);
  }
  const after = tx.save(decide(state, decision));
  tx.emit({
    type: "approval_resolved",
    ticket: after.key,
    labels: after.labels,
    callId,
    tool: call.tool,
    approved: verdict === "approved",
    ...(reason !== undefined && { reason }),
    ...(by !== undefined && { by }),
  });
}

function edit(tx: Transaction, state: TicketState, change: TicketEdit): void {
  if (state.status !== "todo" && state.waiting?.for !== "blockers") {
    throw ticketConflict(
      state.key,
      `is ${state.status}; only tickets that nobody has started can be edited.`,
    );
  }
  const { task, labels, schema, priority, notBefore } = change;
  if (task !== undefined || schema !== undefined) {
    const body = {
      ...tx.tables.body(state.key),
      ...(task !== undefined && { task }),
      ...(schema !== undefined && { schema }),
    };
    tx.tables.replaceBody(state.key, { value: body, text: tx.encode(body) });
  }
  const after = tx.save({
    ...state,
    ...(labels !== undefined && { labels }),
    ...(priority !== undefined && { priority }),
    ...(notBefore !== undefined && { notBefore }),
  });
  const fields = editableFields.filter((field) => change[field] !== undefined);
  tx.emit({ type: "ticket_edited", ticket: after.key, labels: after.labels, fields });
}

function withReply(tx: Transaction, state: TicketState, draft: ReplyDraft): TicketState {
  const drafts = [draft];
  appendReplies(tx, state, { value: drafts, text: tx.encode(drafts) });
  return { ...state, replies: state.replies + 1 };
}
