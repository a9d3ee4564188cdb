import type { ModelRequest } from "../provider/provider.ts";
import type { Admission } from "./loop-host.ts";
import type { TicketSession } from "./ticket-session.ts";
import type { TicketWriter } from "./ticket-writer.ts";
import { worstCase } from "./worst-case.ts";

/** The last request under a budget of each claim. */
const inHand = new WeakMap<TicketWriter, Promise<unknown>>();

/**
 * Sends a request once its worst case is set aside. The requests of one ticket go one after the other, because a ticket
 * has one reservation; what became of the one before is on record before the next is asked for.
 */
export async function underBudget<Outcome>(
  session: TicketSession,
  request: { readonly maxOutputTokens: number; readonly summary: ModelRequest | undefined },
  send: () => Promise<Outcome>,
): Promise<Outcome | Exclude<Admission, { readonly kind: "granted" }>> {
  const { host, claim, writer, signal } = session;
  const before = inHand.get(writer) ?? Promise.resolve();
  const sent = before.then(async () => {
    await writer.settle();
    const { ticket, lease } = claim;
    let isSent = false;
    try {
      const admission = await host.reserve({ ticket, lease, signal, amounts: worstCase(session, request) });
      signal.throwIfAborted();
      if (admission.kind !== "granted") return admission;
      isSent = true;
    } finally {
      // What was granted too late to be sent costs nothing.
      if (!isSent) writer.note({ reservation: "settled" });
    }
    return send();
  });
  inHand.set(
    writer,
    sent.catch(() => {}),
  );
  return sent;
}
