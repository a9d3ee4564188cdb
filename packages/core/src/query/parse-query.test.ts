import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseQuery } from "./parse-query.ts";
import { QuerySyntaxError } from "./query-syntax-error.ts";

describe("a query that cannot be read", () => {
  it.each([
    ["label =", 8, "a label"],
    ["labl = scan", 1, "a field (key, label"],
    ["status = open", 10, "a status: todo"],
    ["priority = high", 12, "a number"],
    ["priority ~ 3", 10, "= != < <= > >= for priority"],
    ["key = 3", 7, "TICKET-12"],
    ["created > yesterday", 11, "a time"],
    ["created > 2026-13-40", 11, "a time"],
    ["scan AND", 9, "a field, a label"],
    ["scan report", 6, "AND, OR"],
    ["(scan", 6, '")"'],
    ["scan)", 5, "AND, OR"],
    ["status IN done", 11, '"("'],
    ["status IN (done", 16, '"," or ")"'],
    ["status NOT done", 12, "IN"],
    ["label IS NOT", 13, "EMPTY"],
    ["label IS full", 10, "EMPTY or NOT EMPTY"],
    ['task ~ "open', 13, 'the closing "'],
    ["ORDER priority", 7, "BY"],
    ["ORDER BY label", 10, "a field with one value"],
    ["LIMIT 0", 7, "a whole number from 1"],
    ["LIMIT 3 scan", 9, "the end"],
    ["a ! b", 3, '"!="'],
  ])("%s points at column %i and says what was expected", (query, column, expected) => {
    const read = () => parseQuery(query);
    expect(read).toThrow(QuerySyntaxError);
    expect(read).toThrow(expect.objectContaining({ column, message: expect.stringContaining(expected) }));
  });

  it("is shown with a mark below the place", () => {
    expect(() => parseQuery("label = scan AND status = open")).toThrow(
      /column 27: expected a status.*\n {2}label = scan AND status = open\n {28}\^/s,
    );
  });

  it("never does anything but parse or point, whatever it is", () => {
    const words = fc.constantFrom(
      "label",
      "=",
      "scan",
      "AND",
      "(",
      ")",
      "NOT",
      "IN",
      "~",
      '"',
      "'",
      "ORDER",
      "BY",
      "LIMIT",
      "3",
      ",",
      "\\",
      "ü",
      "!",
    );
    const queries = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 12 }).map((parts) => parts.join(" ")),
    );
    fc.assert(
      fc.property(queries, (query) => {
        try {
          parseQuery(query);
        } catch (error) {
          expect(error).toBeInstanceOf(QuerySyntaxError);
          if (error instanceof QuerySyntaxError) expect(error.column).toBeLessThanOrEqual(query.length + 1);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("is refused before it exhausts the stack", () => {
    expect(() => parseQuery("(".repeat(10_000))).toThrow(QuerySyntaxError);
    expect(() => parseQuery("NOT ".repeat(10_000))).toThrow(QuerySyntaxError);
  });
});

describe("a query", () => {
  it("reads times relative to now", () => {
    expect(parseQuery("created > -2h", { now: 10_000_000 }).where).toMatchObject({
      value: 10_000_000 - 7_200_000,
    });
    expect(parseQuery("finished < 2026-11-22T10:00:00Z").where).toMatchObject({
      value: Date.UTC(2026, 10, 22, 10),
    });
  });

  it("lets NOT bind tighter than AND, and AND tighter than OR", () => {
    expect(parseQuery("a OR NOT b AND c")).toEqual(parseQuery("a OR ((NOT b) AND c)"));
  });

  it("takes quoted words as labels, also those that look like keys", () => {
    expect(parseQuery('"TICKET-3"').where).toMatchObject({ field: "label", value: "TICKET-3" });
    expect(parseQuery("'in \\'quotes\\''").where).toMatchObject({ value: "in 'quotes'" });
  });
});
