import { afterEach, describe, expect, test } from "vitest";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { indexCases } from "./knowledge/index-cases.ts";
import type { KnowledgeCase } from "./knowledge/knowledge-case.ts";
import { pageCases } from "./knowledge/page-cases.ts";
import { searchCases } from "./knowledge/search-cases.ts";
import { sharingCases } from "./knowledge/sharing-cases.ts";

export interface KnowledgeSuiteOptions {
  readonly name: string;
  /** Opens an empty knowledge on data of its own. */
  open(): Promise<Knowledge>;
  /** Opens another object on the data of `knowledge`. Absent: it shares its pages with nobody. */
  reopen?(knowledge: Knowledge): Promise<Knowledge>;
  /** Takes away what `open` made; called after each test. */
  close?(knowledge: Knowledge): Promise<void>;
  /** Cases that cannot hold for this backend, by id, and why; they are shown as skipped with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

const chapters: Readonly<Record<string, readonly KnowledgeCase[]>> = {
  pages: pageCases,
  index: indexCases,
  search: searchCases,
  sharing: sharingCases,
};

/** What every knowledge backend promises, as vitest tests; needs vitest as the runner. */
export function knowledgeSuite(options: KnowledgeSuiteOptions): void {
  const { name, open, reopen, close, skip = {} } = options;
  const opened: Knowledge[] = [];
  afterEach(async () => {
    for (const knowledge of opened.splice(0)) await close?.(knowledge);
  });

  describe(`knowledge suite: ${name}`, () => {
    test("every skip names a case and a reason", () => {
      const known = new Set(Object.values(chapters).flatMap((cases) => cases.map(({ id }) => id)));
      const wrong = Object.entries(skip).filter(([id, reason]) => !known.has(id) || reason.trim() === "");
      expect(wrong).toEqual([]);
    });

    for (const [chapter, cases] of Object.entries(chapters)) {
      describe(chapter, () => {
        for (const knowledgeCase of cases) {
          test(knowledgeCase.title, async (context) => {
            const knowledge = await open();
            opened.push(knowledge);
            const reason = skip[knowledgeCase.id] ?? missingAbility(knowledgeCase, { knowledge, options });
            if (reason !== undefined) context.skip(`${knowledgeCase.id}: ${reason}`);
            await knowledgeCase.run({
              knowledge,
              async reopen() {
                if (reopen === undefined) throw new Error("This knowledge shares its pages with nobody.");
                return reopen(knowledge);
              },
            });
          });
        }
      });
    }
  });
}

function missingAbility(
  { isShared, isSearch, isClear }: KnowledgeCase,
  { knowledge, options }: { readonly knowledge: Knowledge; readonly options: KnowledgeSuiteOptions },
): string | undefined {
  if (isShared === true && options.reopen === undefined) return "this knowledge shares its pages with nobody";
  if (isSearch === true && knowledge.search === undefined) return "this knowledge has no search";
  if (isClear === true && knowledge.clear === undefined) return "this knowledge has no clear";
  return undefined;
}
