import fc from "fast-check";
import { expect, test } from "vitest";
import { checkDraft } from "./check-draft.ts";
import { parseFrontMatter } from "./front-matter.ts";
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
      const bytes = Buffer.from(formatPage(page, ""));
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
  const { page, head } = parsePage(Buffer.from("---\n__proto__:\n  polluted: yes\nconstructor: x\n---\n"), {
    slug: "a",
    modifiedAt: 0,
  });
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(formatPage(page, head)).toMatch(/__proto__|constructor/);
});

const kept = `version: 1.10
# Ask the plant before you change it.
plant: 007 # as it is on the door
order: 12345678901234567890
resource: 'https://example.com/a b'
note: |
  two
  lines
? [a, b]
: c
`;

test.each([
  ["between", `type: fact\n${kept}tags: [x]\n`, kept],
  [
    "before and behind",
    `version: 1.10\ntype: fact\ntimestamp: 2026-01-01\nplant: 007`,
    "version: 1.10\nplant: 007\n",
  ],
  ["in Windows' lines", "type: fact\r\nversion: 1.10\r\n", "version: 1.10\n"],
  ["in braces", "{ type: fact, version: 2, title: T }", "version: 2\ntitle: T\n"],
])("what people wrote %s ours stays as they wrote it", (_, head, expected) => {
  const file = Buffer.from(`---\n${head}\n---\nText.`);
  const { page, head: read } = parsePage(file, { slug: "a", modifiedAt: 0 });
  const written = formatPage({ ...page, type: "note" }, read);
  expect(written).toContain(`\ndescription: ${page.description}\n${expected}`);
  const again = parsePage(Buffer.from(written), { slug: "a", modifiedAt: 1 });
  expect(again.page).toEqual({ ...page, type: "note" });
  expect(formatPage(again.page, again.head)).toBe(written);
});

test("whatever head could be read, the page is the same after it was written, and so are the keys beside ours", () => {
  const line = fc.tuple(fc.constantFrom("type", "a", "b c", '"d"', "# f", "  g", "- h", "tags"), text);
  const head = fc
    .array(line, { maxLength: 5 })
    .map((lines) => lines.map((words) => words.join(": ")).join("\n"));
  const othersOf = (file: string): unknown => {
    const { type, description, timestamp, tags, ...others } = parseFrontMatter(file).values;
    return others;
  };
  fc.assert(
    fc.property(head, (lines) => {
      const file = `---\n${lines}\n---\nText.`;
      let read: ReturnType<typeof parsePage>;
      try {
        read = parsePage(Buffer.from(file), { slug: "a", modifiedAt: 0 });
      } catch {
        return;
      }
      const written = formatPage(read.page, read.head);
      expect(parsePage(Buffer.from(written), { slug: "a", modifiedAt: 1 }).page).toEqual(read.page);
      expect(othersOf(written)).toEqual(othersOf(file));
    }),
    { numRuns: 3_000 },
  );
});
