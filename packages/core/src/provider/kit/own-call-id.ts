import { randomUUID } from "node:crypto";

/**
 * The id of a call in a reply: the given one, unless it is missing or among those that are taken, as compatible servers
 * leave ids out and repeat them. Results find their calls by it.
 */
export function ownCallId(given: string | null | undefined, taken: Set<string>, prefix = "call_"): string {
  const id = given && !taken.has(given) ? given : `${prefix}${randomUUID().slice(0, 18)}`;
  taken.add(id);
  return id;
}
