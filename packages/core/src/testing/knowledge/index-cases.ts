import { expect } from "vitest";
import { draftOf, type KnowledgeCase } from "./knowledge-case.ts";

export const indexCases: readonly KnowledgeCase[] = [
  {
    id: "index_lines",
    title: "the index has one line a page, with its slug and description",
    async run({ knowledge }) {
      await knowledge.write(draftOf("b", { description: "The second" }));
      await knowledge.write(draftOf("a", { description: "The first" }));
      const lines = (await knowledge.index()).split("\n");
      expect(lines).toHaveLength(2);
      expect(lines[0]).toMatch(/\ba\b.*The first/);
      expect(lines[1]).toMatch(/\bb\b.*The second/);
    },
  },
  {
    id: "index_stable",
    title: "the index is the same bytes until a page changes",
    async run({ knowledge }) {
      await knowledge.write(draftOf("b"));
      await knowledge.write(draftOf("a"));
      const index = await knowledge.index();
      expect(await knowledge.index()).toBe(index);
      await knowledge.write(draftOf("b", { body: "another body" }));
      expect(await knowledge.index()).toBe(index);
    },
  },
  {
    id: "index_limit",
    title: "the index keeps within its limit, 4,000 characters by default, and says that pages are left out",
    async run({ knowledge }) {
      for (let page = 0; page < 60; page++) {
        await knowledge.write(
          draftOf(`page-${page}`, { description: `${page} ${"word ".repeat(20)}`.trim() }),
        );
      }
      const index = await knowledge.index();
      expect(index.length).toBeLessThanOrEqual(4_000);
      expect(index.length).toBeGreaterThan(3_000);
      const shown = index.split("\n").length - 1;
      expect(index.split("\n").at(-1)).toContain(String(60 - shown));
      expect((await knowledge.index(500)).length).toBeLessThanOrEqual(500);
      expect((await knowledge.index(100_000)).split("\n")).toHaveLength(60);
    },
  },
];
