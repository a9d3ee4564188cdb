import { expect } from "vitest";
import { draftOf, type KnowledgeCase } from "./knowledge-case.ts";

export const sharingCases: readonly KnowledgeCase[] = [
  {
    id: "shared_survives",
    title: "everything is there for another object on the same pages",
    isShared: true,
    async run({ knowledge, reopen }) {
      const page = await knowledge.write(draftOf("page", { type: "fact", tags: ["x"], body: "body" }));
      const other = await reopen();
      expect(await other.read("page")).toEqual(page);
      expect(await other.list()).toEqual(await knowledge.list());
      expect(await other.index()).toBe(await knowledge.index());
    },
  },
  {
    id: "shared_follows",
    title: "each sees what the other writes and removes",
    isShared: true,
    async run({ knowledge, reopen }) {
      const other = await reopen();
      await knowledge.write(draftOf("page", { description: "One" }));
      expect(await other.index()).toContain("One");
      await other.write(draftOf("page", { description: "Two" }));
      expect((await knowledge.read("page"))?.description).toBe("Two");
      expect(await knowledge.index()).toContain("Two");
      await knowledge.remove("page");
      expect(await other.list()).toEqual([]);
      if (other.search !== undefined) expect(await other.search("two")).toEqual([]);
    },
  },
  {
    id: "shared_writers",
    title: "of several writers of one page the last wins whole, and other pages are all kept",
    isShared: true,
    async run({ knowledge, reopen }) {
      const writers = [knowledge, await reopen(), await reopen()];
      const drafts = writers.map((_, index) =>
        draftOf("same", { description: `By ${index}`, body: `${index} `.repeat(2_000).trim() }),
      );
      await Promise.all(
        writers.flatMap((writer, index) => [
          ...Array.from({ length: 5 }, () => writer.write(drafts[index] ?? draftOf("same"))),
          ...Array.from({ length: 5 }, (_, page) => writer.write(draftOf(`page-${index}-${page}`))),
        ]),
      );
      const last = await knowledge.read("same");
      expect(drafts).toContainEqual({ slug: "same", description: last?.description, body: last?.body });
      expect(await knowledge.list()).toHaveLength(1 + 3 * 5);
    },
  },
];
