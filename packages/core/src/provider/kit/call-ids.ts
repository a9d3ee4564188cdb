/** The ids that the calls of one conversation have on the wire. */
export interface CallIds {
  /** The wire's id for the next call; different from those of all calls before it. */
  begin(id: string): string;
  /** The wire's id of the newest call with this id. */
  of(id: string): string;
}

/**
 * For vendors with rules for ids: a conversation may hold calls of another vendor's models, and ids are unique within
 * one reply only. `toWireId` must give the same for the same arguments, so that a conversation always maps to the same
 * bytes; it is asked again, with the next `attempt`, for an id that is taken.
 */
export function createCallIds(toWireId: (id: string, attempt: number) => string): CallIds {
  const taken = new Set<string>();
  const current = new Map<string, string>();
  return {
    begin(id) {
      let attempt = 0;
      let wireId = toWireId(id, attempt);
      while (taken.has(wireId)) {
        attempt += 1;
        wireId = toWireId(id, attempt);
      }
      taken.add(wireId);
      current.set(id, wireId);
      return wireId;
    },
    of: (id) => current.get(id) ?? toWireId(id, 0),
  };
}
