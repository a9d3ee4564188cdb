import fc from "fast-check";
import { expect, test } from "vitest";
import { lineWindow } from "./line-window.ts";
import { splitLines } from "./split-lines.ts";

const text = fc.string({ unit: fc.constantFrom("a", "b", "\r", "\n", "\r\n", "é"), maxLength: 60 });

test("however a text is cut into pieces, the window holds the same lines as the whole", () => {
  fc.assert(
    fc.property(
      text,
      fc.array(fc.nat(60)),
      fc.record({
        offset: fc.integer({ min: 1, max: 8 }),
        limit: fc.integer({ min: 1, max: 8 }),
        column: fc.integer({ min: 1, max: 5 }),
      }),
      (whole, cuts, { offset, limit, column }) => {
        const width = 3;
        const window = lineWindow({ offset, limit, column, width, characters: 10_000 });
        let start = 0;
        for (const cut of [...cuts].sort((one, other) => one - other)) {
          window.add(whole.slice(start, Math.max(start, cut)));
          start = Math.max(start, cut);
        }
        window.add(whole.slice(start));
        const { lines, total } = window.finish();
        const all = splitLines(whole);
        expect(total).toBe(all.length);
        expect(lines).toEqual(
          all.slice(offset - 1, offset - 1 + limit).map((line) => {
            const shown = line.slice(column - 1, column - 1 + width);
            return { text: shown, cut: Math.max(0, line.length - (column - 1) - shown.length) };
          }),
        );
      },
    ),
    { numRuns: 2_000 },
  );
});

test("memory holds the window, not the line", () => {
  const window = lineWindow({ offset: 1, limit: 1, column: 1, width: 5, characters: 100 });
  for (let piece = 0; piece < 10_000; piece++) window.add("x".repeat(10_000));
  expect(window.finish().lines).toEqual([{ text: "xxxxx", cut: 99_999_995 }]);
});
