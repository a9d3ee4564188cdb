import { describe, expect, it } from "vitest";
import { renderTemplate } from "./render-template.ts";

describe("a template", () => {
  it("has its places filled, and keeps those without a value", () => {
    expect(renderTemplate("{a} and {b} in {a}", { a: 1 })).toBe("1 and {b} in 1");
  });

  it("leaves JSON and code alone", () => {
    const text = 'const x = { a: 1 }; {"key": "{a}"} {b} {}';
    expect(renderTemplate(text, { a: "A" })).toBe(text.replace("{a}", "A"));
  });

  it("does not look into values, nor at inherited names", () => {
    expect(renderTemplate("{a} {constructor}", { a: "{b}", b: "no" })).toBe("{b} {constructor}");
  });
});
