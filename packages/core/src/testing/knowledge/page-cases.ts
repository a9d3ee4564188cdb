import { expect } from "vitest";
import { draftOf, type KnowledgeCase } from "./knowledge-case.ts";

export const pageCases: readonly KnowledgeCase[] = [
  {
    id: "empty",
    title: "holds nothing at first",
    async run({ knowledge }) {
      expect(await knowledge.list()).toEqual([]);
      expect(await knowledge.read("nothing")).toBeUndefined();
      expect(await knowledge.remove("nothing")).toBe(false);
      expect(await knowledge.index()).toBe("");
    },
  },
  {
    id: "write_read",
    title: "a page is read as it was written",
    async run({ knowledge }) {
      const draft = draftOf("deploy-steps", {
        type: "decision",
        tags: ["ops", "release"],
        body: "# Steps\n\n1. one\n2. two",
      });
      const before = Date.now() - 1;
      const written = await knowledge.write(draft);
      expect(written).toMatchObject(draft);
      expect(written.timestamp).toBeGreaterThan(before);
      expect(written.timestamp).toBeLessThanOrEqual(Date.now());
      expect(await knowledge.read("deploy-steps")).toEqual(written);
    },
  },
  {
    id: "defaults",
    title: "a page has a type and tags also when none are given",
    async run({ knowledge }) {
      const page = await knowledge.write(draftOf("plain"));
      expect(page.type).toMatch(/\S/);
      expect(page.tags).toEqual([]);
      expect(await knowledge.read("plain")).toEqual(page);
    },
  },
  {
    id: "any_text",
    title: "any text survives in description, tags and body",
    async run({ knowledge }) {
      const texts = [
        "---",
        "a: b",
        "- x",
        "# heading",
        "'quotes' \"double\"",
        "{braces: [1, 2]}",
        "*star &anchor !tag %percent @at `tick`",
        "yes",
        "null",
        "0x1F",
        "2024-01-01",
        "backslash \\n",
        "a # comment",
        "grüße 你好 🎉",
        "trailing: ",
        "---\nkey: value\n---\ntext",
        "line\n\n\nline",
        "    indented code",
        "<tag attr='1'>&amp;</tag>",
      ];
      for (const [index, text] of texts.entries()) {
        const line = text.replaceAll(/\s+/g, " ").trim();
        const draft = draftOf(`page-${index}`, { description: line, tags: [line], body: text.trimEnd() });
        const written = await knowledge.write(draft);
        expect(written, text).toMatchObject(draft);
        expect(await knowledge.read(draft.slug), text).toEqual(written);
      }
    },
  },
  {
    id: "overwrite",
    title: "a page that is written again is replaced whole",
    async run({ knowledge }) {
      await knowledge.write(
        draftOf("page", { type: "fact", tags: ["old"], body: "old and long ".repeat(100) }),
      );
      const page = await knowledge.write(draftOf("page", { body: "new" }));
      expect(page.tags).toEqual([]);
      expect(await knowledge.read("page")).toEqual(page);
      expect(await knowledge.list()).toHaveLength(1);
    },
  },
  {
    id: "list",
    title: "the list holds every page by slug, without bodies",
    async run({ knowledge }) {
      for (const slug of ["b", "a-2", "a", "c"]) await knowledge.write(draftOf(slug));
      const list = await knowledge.list();
      expect(list.map(({ slug }) => slug)).toEqual(["a", "a-2", "b", "c"]);
      expect(list[0]).not.toHaveProperty("body");
      expect(list[0]).toMatchObject({ description: "About a", tags: [] });
    },
  },
  {
    id: "remove",
    title: "a removed page is gone, and another removal says so",
    async run({ knowledge }) {
      await knowledge.write(draftOf("a"));
      await knowledge.write(draftOf("b"));
      expect(await knowledge.remove("a")).toBe(true);
      expect(await knowledge.remove("a")).toBe(false);
      expect(await knowledge.read("a")).toBeUndefined();
      expect((await knowledge.list()).map(({ slug }) => slug)).toEqual(["b"]);
      expect(await knowledge.index()).not.toContain("About a");
    },
  },
  {
    id: "slug_rules",
    title: "a slug that breaks the rules is refused, and names no page",
    async run({ knowledge }) {
      for (const slug of [
        "",
        "A",
        "a b",
        "a/b",
        "../a",
        "a.b",
        "ä",
        "a\u0000",
        "-",
        "a".repeat(65),
        "con\n",
      ]) {
        await expect(knowledge.write(draftOf(slug)), slug).rejects.toMatchObject({
          code: "invalid_input",
          field: "slug",
        });
        expect(await knowledge.read(slug), slug).toBeUndefined();
        expect(await knowledge.remove(slug), slug).toBe(false);
      }
      expect(await knowledge.list()).toEqual([]);
      await knowledge.write(draftOf("a".repeat(64)));
      await knowledge.write(draftOf("0-9"));
      expect(await knowledge.list()).toHaveLength(2);
    },
  },
  {
    id: "description_rules",
    title: "a page needs a description, which is kept as one line",
    async run({ knowledge }) {
      await expect(knowledge.write(draftOf("a", { description: " \n " }))).rejects.toMatchObject({
        code: "invalid_input",
        field: "description",
      });
      const { description } = await knowledge.write(draftOf("a", { description: "one\ntwo\r\n  three" }));
      expect(description).toBe("one two three");
    },
  },
  {
    id: "clear",
    title: "clear removes all pages, and others can be written after it",
    isClear: true,
    async run({ knowledge }) {
      await knowledge.write(draftOf("one"));
      await knowledge.write(draftOf("two"));
      expect(await knowledge.clear?.()).toBe(2);
      expect(await knowledge.list()).toEqual([]);
      expect(await knowledge.index()).toBe("");
      expect(await knowledge.clear?.()).toBe(0);
      await knowledge.write(draftOf("one"));
      expect(await knowledge.list()).toHaveLength(1);
    },
  },
];
