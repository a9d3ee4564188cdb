import type { TicketDraft } from "../../ticket/ticket-draft.ts";
import { parseTicketKey, type TicketKey } from "../../ticket/ticket-key.ts";
import { invalidInput } from "./store-errors.ts";

/** What a draft names by the `ref` of drafts of the same batch, as places in it. */
export interface LocalReferences {
  readonly parent: number | undefined;
  readonly blockedBy: readonly number[];
}

/** A ticket that is in the store, or the place of a draft of the same batch. */
export type Reference = TicketKey | number;

const keyForm = /^TICKET-\d/;

/**
 * Where in a batch each `ref` is.
 * @throws AgentwerkError `invalid_input` for one that is no name, has the form of a key, or is there twice.
 */
export function placesOfRefs(
  drafts: readonly TicketDraft[],
  path: string,
): ReadonlyMap<string, number> | undefined {
  let places: Map<string, number> | undefined;
  for (const [place, draft] of drafts.entries()) {
    const ref = draft?.ref;
    if (ref === undefined) continue;
    const field = `${path}[${place}].ref`;
    if (typeof ref !== "string" || ref.trim() === "" || keyForm.test(ref)) {
      throw invalidInput(field, `is ${JSON.stringify(ref)}; give a name that is not of the form TICKET-12.`);
    }
    places ??= new Map();
    if (places.has(ref)) throw invalidInput(field, `is ${ref}, as that of another draft; give each its own.`);
    places.set(ref, place);
  }
  return places;
}

/** @throws AgentwerkError `invalid_input` for what is neither a key nor a known `ref`. */
export function toReference(
  name: string,
  { field, places }: { readonly field: string; readonly places: ReadonlyMap<string, number> | undefined },
): Reference {
  if (typeof name !== "string") throw invalidInput(field, "is not a ticket key such as TICKET-12.");
  const place = places?.get(name);
  if (place !== undefined) return place;
  if (keyForm.test(name)) return parseTicketKey(name, field);
  throw invalidInput(
    field,
    `is ${JSON.stringify(name)}: neither a ticket key such as TICKET-12 nor the ref of a draft of this insert.`,
  );
}

/**
 * Lets references to a draft that repeats an idempotency key of its batch mean the first one that has it: only that becomes
 * a ticket. What the repeated ones name is dropped with them.
 */
export function withoutRepeated(
  references: readonly (LocalReferences | undefined)[],
  idempotencyKeys: readonly (string | undefined)[],
): readonly (LocalReferences | undefined)[] {
  const firsts = new Map<string, number>();
  const places = idempotencyKeys.map((key, place) => {
    if (key === undefined) return place;
    const first = firsts.get(key) ?? place;
    firsts.set(key, first);
    return first;
  });
  const first = (place: number): number => places[place] ?? place;
  return references.map((local, place) => {
    if (local === undefined || first(place) !== place) return undefined;
    const { parent, blockedBy } = local;
    return {
      parent: parent === undefined ? undefined : first(parent),
      blockedBy: [...new Set(blockedBy.map(first))],
    };
  });
}

/**
 * Refuses drafts of one batch that wait for each other in a circle, and parents that do. Tickets that are in the store
 * already cannot wait for new ones, so a circle lies within one batch.
 * @throws AgentwerkError `invalid_input` naming the path: `a → b → a`.
 */
export function refuseCycles(
  references: readonly (LocalReferences | undefined)[],
  { drafts, path }: { readonly drafts: readonly TicketDraft[]; readonly path: string },
): void {
  const blockers = findCycle(references.map((local) => local?.blockedBy ?? []));
  const cycle =
    blockers ?? findCycle(references.map((local) => (local?.parent === undefined ? [] : [local.parent])));
  if (cycle === undefined) return;
  const names = cycle.map((place) => drafts[place]?.ref ?? `${path}[${place}]`).join(" → ");
  const [first = 0] = cycle;
  if (blockers === undefined) {
    throw invalidInput(
      `${path}[${first}].parent`,
      `closes a circle: ${names}. Take one of these parents out.`,
    );
  }
  throw invalidInput(
    `${path}[${first}].blockedBy`,
    `closes a circle: ${names}. A ticket cannot wait for itself; take one of these blockers out.`,
  );
}

/** A path that comes back to where it began, by depth-first search without recursion: batches can be long chains. */
function findCycle(edges: readonly (readonly number[])[]): readonly number[] | undefined {
  const done = new Set<number>();
  for (const start of edges.keys()) {
    const path: { readonly place: number; next: number }[] = [];
    const onPath = new Set<number>();
    const enter = (place: number): void => {
      path.push({ place, next: 0 });
      onPath.add(place);
    };
    if (!done.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const target = edges[top.place]?.[top.next++];
      if (target === undefined) {
        done.add(top.place);
        onPath.delete(top.place);
        path.pop();
      } else if (onPath.has(target)) {
        const places = path.map(({ place }) => place);
        return [...places.slice(places.indexOf(target)), target];
      } else if (!done.has(target)) enter(target);
    }
  }
  return undefined;
}
