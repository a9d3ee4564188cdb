import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fakeTerminal } from "../testing/fake-terminal.ts";
import { formatAge, formatCost, formatDuration, shortNumber } from "./format.ts";
import { formatBar, formatFields, formatTable } from "./table.ts";
import { wantsColours } from "./terminal.ts";
import { fitWidth, padEnd, widthOf } from "./width.ts";

describe("width", () => {
  test.each([
    ["abc", 3],
    ["漢字", 4],
    ["🙂", 2],
    ["é", 1],
    ["\u001b[31mred\u001b[0m", 3],
  ])("%j takes %i columns", (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  test("what is fitted never takes more, and is only cut when it would", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), fc.nat(40), (text, columns) => {
        const line = text.replaceAll(/\s/g, " ");
        const fitted = fitWidth(line, columns);
        expect(widthOf(fitted)).toBeLessThanOrEqual(columns);
        if (widthOf(line) <= columns) expect(fitted).toBe(columns === 0 ? "" : line);
      }),
    );
    expect(fitWidth("漢字漢字", 5)).toBe("漢字…");
    expect(padEnd("漢", 4)).toBe("漢  ");
  });
});

test.each([
  [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
  [{ FORCE_COLOR: "0" }, true, false],
  [{ NO_COLOR: "1" }, true, false],
  [{ NO_COLOR: "" }, true, true],
  [{ TERM: "dumb" }, true, false],
  [{}, true, true],
  [{}, false, false],
])("%j on a terminal with colours: %s, painted: %s", (env, detected, expected) => {
  expect(wantsColours(env, () => detected)).toBe(expected);
});

describe("numbers", () => {
  test.each([
    [0, "0.0 s"],
    [9_949, "9.9 s"],
    [59_400, "59 s"],
    [65_000, "1 m 05 s"],
    [3_600_000, "1 h 00 m"],
    [90_000_000, "1 d 01 h"],
  ])("%i ms is %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test.each([
    [999, "999"],
    [1_000, "1.0k"],
    [99_960, "100k"],
    [999_950, "1.0M"],
  ])("%i is short %s", (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });

  test("costs and ages are short", () => {
    expect([0, 0.00001, 0.01234, 12.345].map(formatCost)).toEqual(["$0", "<$0.0001", "$0.0123", "$12.35"]);
    expect(formatAge(1_000, 4_500)).toBe("3 s ago");
    expect(formatAge(5_000, 4_500)).toBe("0 s ago");
  });
});

describe("tables", () => {
  const rows = [
    { key: "TICKET-1", n: 5, task: "漢字漢字漢字漢字 and a long story" },
    { key: "TICKET-10", n: 12_000, task: "short" },
  ];
  const columns = [
    { title: "key", cell: ({ key }: (typeof rows)[0]) => key },
    { title: "n", cell: ({ n }: (typeof rows)[0]) => String(n), align: "right" as const },
    { title: "task", cell: ({ task }: (typeof rows)[0]) => task, flexible: true as const },
  ];

  test("line up, with wide characters, and fit a terminal", () => {
    expect(formatTable(rows, { columns, terminal: fakeTerminal(36) })).toBe(
      "key            n  task\nTICKET-1       5  漢字漢字漢字漢字…\nTICKET-10  12000  short\n",
    );
    for (const line of formatTable(rows, { columns, terminal: fakeTerminal(36) }).split("\n")) {
      expect(widthOf(line)).toBeLessThan(36);
    }
  });

  test("several flexible columns share the room, and the one that needs less leaves it to the others", () => {
    const wide = [{ a: "short", b: "b".repeat(40), c: "c".repeat(40) }];
    const flexible = (["a", "b", "c"] as const).map((name) => ({
      title: name,
      cell: (row: (typeof wide)[0]) => row[name],
      flexible: true as const,
    }));
    const [, line = ""] = formatTable(wide, { columns: flexible, terminal: fakeTerminal(50) }).split("\n");
    expect(line).toBe(`short  ${"b".repeat(19)}…  ${"c".repeat(19)}…`);
  });

  test("are cut nowhere but on a terminal", () => {
    expect(formatTable(rows, { columns, terminal: fakeTerminal(Number.POSITIVE_INFINITY) })).toContain(
      "a long story",
    );
  });

  test("fields leave out what is not there", () => {
    expect(
      formatFields(
        [
          ["a", "1"],
          ["long", undefined],
          ["b", ""],
        ],
        fakeTerminal(80),
      ),
    ).toBe("a  1\n");
  });

  test("bars are exact to an eighth, and show the smallest value", () => {
    expect(formatBar(10, { most: 10, width: 4 })).toBe("████");
    expect(formatBar(5, { most: 10, width: 4 })).toBe("██");
    expect(formatBar(1, { most: 1_000, width: 4 })).toBe("▏");
    expect(formatBar(0, { most: 10, width: 4 })).toBe("");
  });
});
