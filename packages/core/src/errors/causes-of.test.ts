import { expect, test } from "vitest";
import { causesOf } from "./causes-of.ts";

test("causes come from the outermost to the innermost, whatever kind of object they are", () => {
  const innermost = { code: "ECONNRESET" };
  const middle = new Error("middle", { cause: innermost });
  const outermost = new Error("outermost", { cause: middle });
  expect(causesOf(outermost)).toEqual([outermost, middle, innermost]);
  expect(causesOf(new Error("texts", { cause: "are no objects" }))).toHaveLength(1);
  expect(causesOf("thrown")).toEqual([]);
});

test("errors that are their own cause, at once or round a circle, stand there once", () => {
  const own = new Error("own");
  own.cause = own;
  const round = new Error("round");
  round.cause = new Error("and round", { cause: round });
  expect(causesOf(own)).toEqual([own]);
  expect(causesOf(round)).toEqual([round, round.cause]);
});
