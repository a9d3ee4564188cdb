import { afterEach, describe, expect, test } from "vitest";
import type { TicketStore } from "../store/ticket-store.ts";
import { type Clock, sleep, systemClock } from "../util/clock.ts";
import { fakeClock } from "./fake-clock.ts";
import { attemptCases } from "./store/attempt-cases.ts";
import { batchCases } from "./store/batch-cases.ts";
import { blockerCases } from "./store/blocker-cases.ts";
import { budgetCases } from "./store/budget-cases.ts";
import { claimCases } from "./store/claim-cases.ts";
import { commitCases } from "./store/commit-cases.ts";
import { dependencyCases } from "./store/dependency-cases.ts";
import { eventCases } from "./store/event-cases.ts";
import { insertCases } from "./store/insert-cases.ts";
import { leaseCases } from "./store/lease-cases.ts";
import { modelCases } from "./store/model-cases.ts";
import { queryCases } from "./store/query-cases.ts";
import { readCases } from "./store/read-cases.ts";
import { sharingCases } from "./store/sharing-cases.ts";
import type { OpenStoreOptions, StoreBench, StoreCase } from "./store/store-case.ts";
import { updateCases } from "./store/update-cases.ts";

export interface StoreSuiteOptions {
  readonly name: string;
  /** Opens a store on new data of its own. The suite closes it. */
  open(options: OpenStoreOptions): Promise<TicketStore>;
  /** Opens another object on the data of `store`, also after that was closed. Absent: the engine shares its data with nobody. */
  join?(store: TicketStore, options: OpenStoreOptions): Promise<TicketStore>;
  /** The engine has a clock of its own; the suite then waits where it would have moved the clock on. */
  readonly hasOwnClock?: boolean;
  /** Cases that cannot hold for this engine, by id, and why; they are shown as skipped with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

const chapters: Readonly<Record<string, readonly StoreCase[]>> = {
  insert: insertCases,
  claim: claimCases,
  leases: leaseCases,
  commit: commitCases,
  update: updateCases,
  dependencies: dependencyCases,
  blockers: blockerCases,
  batches: batchCases,
  attempts: attemptCases,
  budgets: budgetCases,
  events: eventCases,
  reading: readCases,
  queries: queryCases,
  sharing: sharingCases,
  model: modelCases,
};

/** What every ticket store promises, as vitest tests; needs vitest as the runner. */
export function storeSuite(options: StoreSuiteOptions): void {
  const { name, skip = {} } = options;
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  describe(`store suite: ${name}`, () => {
    test("every skip names a case and a reason", () => {
      const known = new Set(Object.values(chapters).flatMap((cases) => cases.map(({ id }) => id)));
      const wrong = Object.entries(skip).filter(([id, reason]) => !known.has(id) || reason.trim() === "");
      expect(wrong).toEqual([]);
    });

    for (const [chapter, cases] of Object.entries(chapters)) {
      describe(chapter, () => {
        for (const storeCase of cases) {
          test(storeCase.title, async (context) => {
            const reason = skip[storeCase.id] ?? unsharedReason(storeCase, options);
            if (reason !== undefined) context.skip(`${storeCase.id}: ${reason}`);
            await storeCase.run(await openBench(options, cleanups));
          });
        }
      });
    }
  });
}

function unsharedReason(storeCase: StoreCase, options: StoreSuiteOptions): string | undefined {
  if (storeCase.isShared !== true || options.join !== undefined) return undefined;
  return "this engine shares its data with nobody";
}

async function openBench(options: StoreSuiteOptions, cleanups: (() => Promise<void>)[]): Promise<StoreBench> {
  const fake = options.hasOwnClock === true ? undefined : fakeClock();
  const clock: Clock = fake ?? systemClock;
  const keep = (opened: TicketStore): TicketStore => {
    cleanups.push(() => opened.close());
    return opened;
  };
  const store = keep(await options.open({ clock }));
  return {
    store,
    clock,
    async passTime(ms) {
      if (fake === undefined) await sleep(ms, { clock });
      else fake.advance(ms);
    },
    async join(namespace) {
      if (options.join === undefined) throw new Error("This engine shares its data with nobody.");
      return keep(await options.join(store, { clock, ...(namespace !== undefined && { namespace }) }));
    },
  };
}
