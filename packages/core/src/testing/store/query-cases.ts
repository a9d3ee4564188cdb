import fc from "fast-check";
import { expect } from "vitest";
import { arrange, matchesCondition } from "../../query/match-query.ts";
import { parseQuery } from "../../query/parse-query.ts";
import { type Condition, type QueryField, type QueryValue, queryFields } from "../../query/ticket-query.ts";
import { ticketNumberOf } from "../../ticket/ticket-key.ts";
import { querySampleAnswers, querySamples } from "./query-samples.ts";
import { claim, type StoreBench, type StoreCase } from "./store-case.ts";

/** Inserts the samples and ends those that say how; the others are not to be started before tomorrow. */
async function insertSamples({ store, clock }: StoreBench): Promise<void> {
  const notBefore = clock.now() + 86_400_000;
  await store.insert(
    querySamples.map(({ end, ...draft }) => ({ ...draft, ...(end === undefined && { notBefore }) })),
  );
  const wants = [{ agent: "tester", labels: ["", "scan", "report", "de"], limit: 100 }];
  for (const { lease, ticket } of await claim(store, { wants })) {
    const end = querySamples[ticketNumberOf(ticket.key) - 1]?.end;
    if (end === undefined) continue;
    if ("failure" in end && typeof end.failure === "string") {
      await store.commit(lease, {
        outcome: { status: "failed", failure: { reason: end.failure, message: "x" } },
      });
    } else if ("result" in end)
      await store.commit(lease, { outcome: { status: "done", result: end.result } });
  }
}

const texts = [
  "scan",
  "SCAN",
  "a",
  "",
  "%",
  "_",
  "ann",
  "Übersicht",
  '"',
  "\\",
  "done",
  "failed",
  "TICKET-2",
];

/** A condition on any field, with values of its kind. */
const conditions: fc.Arbitrary<Condition> = fc.letrec<{ node: Condition; leaf: Condition }>((tie) => ({
  leaf: fc.constantFrom(...(Object.keys(queryFields) as QueryField[])).chain(leafOn),
  node: fc.oneof(
    { maxDepth: 3 },
    tie("leaf"),
    tie("node").map((condition): Condition => ({ kind: "not", condition })),
    fc
      .tuple(
        fc.constantFrom("and" as const, "or" as const),
        fc.array(tie("node"), { minLength: 1, maxLength: 3 }),
      )
      .map(([kind, parts]): Condition => ({ kind, conditions: parts })),
  ),
})).node;

function leafOn(field: QueryField): fc.Arbitrary<Condition> {
  const kind = queryFields[field];
  const value: fc.Arbitrary<QueryValue> = valuesOf(kind);
  const isOrdered = kind === "number" || kind === "time" || kind === "key";
  const isText = kind === "text" || kind === "content" || kind === "label";
  const comparisons = [
    "=",
    "!=",
    ...(isOrdered ? ["<", "<=", ">", ">="] : []),
    ...(isText ? ["~", "!~"] : []),
  ] as const;
  return fc.oneof(
    fc.constant<Condition>({ kind: "empty", field }),
    fc
      .array(value, { minLength: 1, maxLength: 3 })
      .map((values): Condition => ({ kind: "in", field, values })),
    fc
      .tuple(fc.constantFrom(...(comparisons as readonly ("=" | "!=")[])), value)
      .map(([comparison, compared]): Condition => ({ kind: "compare", field, comparison, value: compared })),
  );
}

function valuesOf(kind: (typeof queryFields)[QueryField]): fc.Arbitrary<QueryValue> {
  switch (kind) {
    case "boolean":
      return fc.boolean();
    case "status":
      return fc.constantFrom("todo", "in_progress", "waiting", "done", "failed", "cancelled");
    case "key":
      return fc.integer({ min: 1, max: 9 });
    case "number":
      return fc.constantFrom(-1, 0, 1, 5, 0.5);
    case "time":
      return fc.constantFrom(0, Date.now() - 1_000, Date.now() + 86_400_000);
    default:
      return fc.constantFrom(...texts);
  }
}

export const queryCases: readonly StoreCase[] = [
  {
    id: "query_table",
    title: "queries of the shared table are answered as it says",
    async run(bench) {
      const { store, clock } = bench;
      await insertSamples(bench);
      for (const [query, numbers] of querySampleAnswers) {
        const found = await store.find(parseQuery(query, { now: clock.now() }));
        expect(
          found.map(({ key }) => ticketNumberOf(key)),
          query,
        ).toEqual(numbers);
      }
    },
  },
  {
    id: "query_predicate",
    title: "any condition and order is answered as the predicate over tickets answers it",
    async run(bench) {
      const { store } = bench;
      await insertSamples(bench);
      const [blocker] = await store.insert([{ task: "blocker", labels: ["a"] }]);
      await store.insert([
        { task: { blocked: true }, blockedBy: blocker === undefined ? [] : [blocker.key] },
      ]);
      const all = await store.find({});
      const fields = Object.keys(queryFields).filter(
        (field) => !["label", "task", "result", "blocked"].includes(field),
      );
      const order = fc.record({
        field: fc.constantFrom(...(fields as QueryField[])),
        descending: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(
          conditions,
          fc.array(order, { maxLength: 2 }),
          fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
          async (where, orderBy, limit) => {
            const expected = arrange(
              all.filter((ticket) => matchesCondition(ticket, where)),
              { orderBy, limit },
            );
            const found = await store.find({ where, orderBy, limit });
            expect(found.map(({ key }) => key)).toEqual(expected.map(({ key }) => key));
          },
        ),
        { numRuns: 150 },
      );
    },
  },
  {
    id: "query_prune",
    title: "prune takes a query, and leaves what is not final",
    async run(bench) {
      const { store } = bench;
      await insertSamples(bench);
      expect(await store.prune(parseQuery("scan AND status IN (done, todo)"))).toBe(2);
      expect((await store.find({})).map(({ key }) => ticketNumberOf(key))).toEqual([1, 3, 4, 5, 6, 8]);
    },
  },
];
