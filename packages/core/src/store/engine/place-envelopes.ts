import type { Envelope } from "../../ticket/budget.ts";
import type { TicketKey } from "../../ticket/ticket-key.ts";
import { invalidInput } from "../rules/store-errors.ts";
import type { EncodedDraft } from "./insert-tickets.ts";
import type { Transaction } from "./transaction.ts";

/**
 * Budgets that one ticket may have over it, its own among them. Each is kept on every ticket below it and looked at for
 * every request, so that a chain of tickets, each with a budget, would take space by the square of its length.
 */
const mostEnvelopes = 64;

interface Above {
  /** The place of a draft of the same batch that becomes a ticket. */
  readonly place: number | undefined;
  /** A ticket that is in the store. */
  readonly parent: TicketKey | undefined;
}

/**
 * Refuses budgets within too many others; nothing is written before.
 * @throws AgentwerkError `invalid_input` naming the field.
 */
export function checkEnvelopes(
  tx: Transaction,
  drafts: readonly EncodedDraft[],
  defaultParent: TicketKey | undefined,
): void {
  if (drafts.every(({ budget }) => budget === undefined)) return;
  const depths = descend<number>(drafts, {
    aboveOf: ({ local, parent }) => ({ place: local?.parent, parent: parent ?? defaultParent }),
    inStore: (parent) => tx.load(parent)?.envelopes?.length ?? 0,
    below: (depth, { budget }) => depth + (budget === undefined ? 0 : 1),
    top: 0,
  });
  for (const [place, depth] of depths.entries()) {
    const draft = drafts[place];
    if (depth <= mostEnvelopes || draft?.budget === undefined) continue;
    throw invalidInput(
      `${draft.path}.budget`,
      `would be the ${depth}th over one ticket; ${mostEnvelopes} are the most. Leave out the budgets of some tickets between.`,
    );
  }
}

/** Of each draft: its own budget, then those of its ancestors, of the same batch first and then in the store. */
export function placeEnvelopes(
  tx: Transaction,
  drafts: readonly EncodedDraft[],
  options: {
    readonly keys: readonly { readonly key: TicketKey; readonly isNew: boolean }[];
    readonly defaultParent: TicketKey | undefined;
  },
): readonly (readonly Envelope[])[] {
  const { keys, defaultParent } = options;
  return descend<readonly Envelope[]>(drafts, {
    aboveOf({ local, parent }) {
      const above = local?.parent === undefined ? undefined : keys[local.parent];
      if (above?.isNew === true) return { place: local?.parent, parent: undefined };
      return { place: undefined, parent: above?.key ?? parent ?? defaultParent };
    },
    inStore: (parent) => tx.load(parent)?.envelopes ?? [],
    below(envelopes, { budget }, place) {
      const key = keys[place]?.key;
      return budget === undefined || key === undefined ? envelopes : [{ key, ...budget }, ...envelopes];
    },
    top: [],
  });
}

/** Goes from parents to children, each draft once, without recursion: a batch can be one long chain, in any order. */
function descend<Value>(
  drafts: readonly EncodedDraft[],
  options: {
    readonly aboveOf: (draft: EncodedDraft) => Above;
    readonly inStore: (parent: TicketKey) => Value;
    readonly below: (value: Value, draft: EncodedDraft, place: number) => Value;
    readonly top: Value;
  },
): readonly Value[] {
  const { aboveOf, inStore, below, top } = options;
  const values = new Map<number, Value>();
  for (const start of drafts.keys()) {
    const path: number[] = [];
    let value = top;
    for (let place: number | undefined = start; place !== undefined; ) {
      const known: Value | undefined = values.get(place);
      const draft: EncodedDraft | undefined = drafts[place];
      if (known !== undefined || draft === undefined) {
        value = known ?? top;
        break;
      }
      path.push(place);
      const above: Above = aboveOf(draft);
      place = above.place;
      if (place === undefined && above.parent !== undefined) value = inStore(above.parent);
    }
    for (let place = path.pop(); place !== undefined; place = path.pop()) {
      const draft = drafts[place];
      if (draft === undefined) continue;
      value = below(value, draft, place);
      values.set(place, value);
    }
  }
  return drafts.map((_draft, place) => values.get(place) ?? top);
}
