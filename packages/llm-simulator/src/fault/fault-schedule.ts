import type { Conversation } from "../conversation.ts";
import type { Fault, FaultOptions } from "./fault.ts";
import { toFaultOptions } from "./fault.ts";

/** When a fault strikes, whatever the script or function would have answered. All given conditions must hold. */
export interface ScheduledFault {
  readonly fault: Fault;
  /** Every nth request, counted from 1. */
  readonly every?: number | undefined;
  /** These requests, counted from 1. */
  readonly at?: readonly number[] | undefined;
  readonly when?: ((conversation: Conversation) => boolean) | undefined;
  /** At most so often. */
  readonly times?: number | undefined;
}

/** Decides which fault, if any, a request meets; the first entry that matches wins. */
export function createFaultSchedule(
  entries: readonly ScheduledFault[],
): (conversation: Conversation) => FaultOptions | undefined {
  if (entries.length === 0) return () => undefined;
  const struck = entries.map(() => 0);
  return (conversation) => {
    for (const [index, entry] of entries.entries()) {
      const count = struck[index] ?? 0;
      if (!strikes(entry, conversation, count)) continue;
      struck[index] = count + 1;
      return toFaultOptions(entry.fault);
    }
    return undefined;
  };
}

function strikes(entry: ScheduledFault, conversation: Conversation, count: number): boolean {
  const { requestNumber } = conversation;
  if (entry.times !== undefined && count >= entry.times) return false;
  if (entry.every !== undefined && requestNumber % entry.every !== 0) return false;
  if (entry.at !== undefined && !entry.at.includes(requestNumber)) return false;
  return entry.when === undefined || entry.when(conversation);
}
