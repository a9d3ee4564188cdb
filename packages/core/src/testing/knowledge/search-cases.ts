import { expect } from "vitest";
import type { Knowledge } from "../../knowledge/knowledge.ts";
import { draftOf, type KnowledgeCase } from "./knowledge-case.ts";

async function find(knowledge: Knowledge, query: string, limit?: number): Promise<readonly string[]> {
  const options = limit === undefined ? {} : { limit };
  return ((await knowledge.search?.(query, options)) ?? []).map(({ slug }) => slug);
}

export const searchCases: readonly KnowledgeCase[] = [
  {
    id: "search_fields",
    title: "finds words of description, tags and body, whatever their case",
    isSearch: true,
    async run({ knowledge }) {
      await knowledge.write(draftOf("one", { description: "Database migrations" }));
      await knowledge.write(draftOf("two", { tags: ["Kubernetes"] }));
      await knowledge.write(draftOf("three", { body: "The invoices are sent on Fridays." }));
      expect(await find(knowledge, "MIGRATIONS")).toEqual(["one"]);
      expect(await find(knowledge, "kubernetes")).toEqual(["two"]);
      expect(await find(knowledge, "invoices fridays")).toEqual(["three"]);
      expect(await find(knowledge, "zeppelin")).toEqual([]);
      expect((await knowledge.search?.("invoices"))?.[0]).not.toHaveProperty("body");
    },
  },
  {
    id: "search_best_first",
    title: "puts the page that is about it first, and answers no more than asked",
    isSearch: true,
    async run({ knowledge }) {
      for (let page = 0; page < 12; page++) {
        await knowledge.write(draftOf(`page-${page}`, { body: `${"other words ".repeat(20)} caching` }));
      }
      await knowledge.write(
        draftOf("caching", { description: "How caching works", body: "caching, caching" }),
      );
      expect((await find(knowledge, "caching"))[0]).toBe("caching");
      expect(await find(knowledge, "caching", 3)).toHaveLength(3);
    },
  },
  {
    id: "search_follows",
    title: "follows what is written and removed",
    isSearch: true,
    async run({ knowledge }) {
      await knowledge.write(draftOf("page", { body: "albatross" }));
      expect(await find(knowledge, "albatross")).toEqual(["page"]);
      await knowledge.write(draftOf("page", { body: "bumblebee" }));
      expect(await find(knowledge, "albatross")).toEqual([]);
      expect(await find(knowledge, "bumblebee")).toEqual(["page"]);
      await knowledge.remove("page");
      expect(await find(knowledge, "bumblebee")).toEqual([]);
    },
  },
  {
    id: "search_any_query",
    title: "takes any text as a query",
    isSearch: true,
    async run({ knowledge }) {
      await knowledge.write(draftOf("page"));
      for (const query of [
        "",
        " ",
        "(",
        "a AND",
        '"',
        "*",
        "-x",
        "%",
        "\u0000",
        "constructor",
        "__proto__",
        "🎉",
      ]) {
        expect(Array.isArray(await find(knowledge, query)), query).toBe(true);
      }
    },
  },
];
