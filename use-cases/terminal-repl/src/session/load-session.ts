import { readFile } from "node:fs/promises";
import {
  AgentwerkError,
  closeOpenCalls,
  type Ticket,
  type TicketStore,
  toErrorMessage,
} from "@agentwerk/core";
import { z } from "zod";
import { type SavedSession, savedSessionSchema } from "./saved-session.ts";

/**
 * Makes a new session of a saved one. Its conversation is written as a worker would have written it, in one step, and
 * then waits for the person's next message; calls that were open are answered.
 * @throws AgentwerkError `invalid_input` when the file is no saved session.
 */
export async function loadSession(store: TicketStore, path: string): Promise<Ticket> {
  const { task, replies } = await readSession(path);
  const label = `session-${crypto.randomUUID()}`;
  await store.insert([{ task, labels: [label] }]);
  const wants = [{ agent: "assistant", labels: [label], limit: 1 }];
  const [claim] = await store.claim({ worker: "load", wants, leaseMs: 5_000 });
  if (claim === undefined)
    throw new AgentwerkError({
      code: "conflict",
      message: "The loaded session was taken by another program.",
    });
  const numbered = replies.map((reply, index) => ({ ...reply, index, at: 0 }));
  const closing = closeOpenCalls(numbered, "Not run: the session was saved before this call ran.");
  await store.commit(claim.lease, {
    replies: closing === undefined ? replies : [...replies, closing],
    outcome: { status: "waiting", waiting: { for: "reply", question: "" } },
  });
  return (await store.get(claim.ticket.key)) ?? claim.ticket;
}

async function readSession(path: string): Promise<SavedSession> {
  try {
    return savedSessionSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    const [issue] = cause instanceof z.ZodError ? cause.issues : [];
    const problem =
      issue === undefined ? toErrorMessage(cause) : `${issue.path.join(".") || "file"}: ${issue.message}`;
    throw new AgentwerkError({
      code: "invalid_input",
      field: "path",
      message: `${path} is no saved session (${problem}); give a file that /save wrote as JSON.`,
      cause,
    });
  }
}
