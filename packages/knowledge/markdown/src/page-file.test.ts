import fc from "fast-check";
import { expect, test } from "vitest";
import { checkDraft } from "./check-draft.ts";
import { formatPage, parsePage } from "./page-file.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        "---",
        "\n",
        "\r\n",
        ": ",
        "- ",
        "#",
        "'",
        '"',
        "\t",
        "a",
        "{",
        "}",
        "&x",
        "*x",
        "!!js",
        "|",
        ">",
        "\u2028",
        "é",
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
);

test("whatever is written is read as it was", () => {
  fc.assert(
    fc.property(text, text, fc.array(text, { maxLength: 3 }), text, (description, type, tags, body) => {
      const draft = checkDraft({
        slug: "page",
        description: `x${description}`,
        type: type.slice(0, 20),
        tags: tags.map((tag) => tag.slice(0, 20)),
        body,
      });
      const page = { ...draft, timestamp: 1_750_000_000_123 };
      const bytes = Buffer.from(formatPage(page, {}));
      expect(parsePage(bytes, { slug: "page", modifiedAt: 0 }).page).toEqual(page);
    }),
    { numRuns: 2_000 },
  );
});

test("any bytes are a page or an error that says what is damaged, soon", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
    text.map((head) => Buffer.from(`---\n${head}\n---\nbody`)),
  );
  fc.assert(
    fc.property(bytes, (content) => {
      const started = performance.now();
      try {
        const { page } = parsePage(content, { slug: "page", modifiedAt: 5 });
        expect(typeof page.description).toBe("string");
        expect(page.description).not.toBe("");
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
      expect(performance.now() - started).toBeLessThan(1_000);
    }),
    { numRuns: 2_000 },
  );
});

test("keys of the front matter never reach a prototype", () => {
  const { page, others } = parsePage(Buffer.from("---\n__proto__:\n  polluted: yes\nconstructor: x\n---\n"), {
    slug: "a",
    modifiedAt: 0,
  });
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(formatPage(page, others)).toMatch(/__proto__|constructor/);
});
