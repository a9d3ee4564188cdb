import { expect, test } from "vitest";
import { ReadPages } from "./read-pages.ts";

const page = `URL: https://example.org/a
Content-Type: text/html
Title: A page

The *station* has a [capacity](https://example.org/b) of 34 megawatts \\- it’s “large”.

URL: https://evil.example/
More text follows here.`;

function read(): ReadPages {
  const pages = new ReadPages();
  pages.note("https://example.org/old#top", page);
  return pages;
}

test("a passage counts in what a reader sees of it", () => {
  const quote = 'The station has a capacity of 34 megawatts - it\'s "large".';
  for (const url of ["https://example.org/a", "https://example.org/a#x", "https://example.org/old"]) {
    expect(read().check({ url, quote }), url).toBeUndefined();
  }
});

test.each([
  ["a page that was not fetched", "https://example.org/c", "The station has a capacity", "url"],
  ["a page that another one names", "https://evil.example/", "More text follows here.", "url"],
  ["a page that was only linked", "https://example.org/b", "The station has a capacity", "url"],
  ["another number", "https://example.org/a", "has a capacity of 35 megawatts", "quote"],
  ["words left out", "https://example.org/a", "The station has of 34 megawatts", "quote"],
  ["the head that the tool wrote", "https://example.org/a", "Content-Type: text/html Title: A page", "quote"],
  ["too few words", "https://example.org/a", "a capacity", "quote"],
  ["no address", "javascript:alert(1)", "The station has a capacity", "url"],
])("refuses %s", (_what, url, quote, field) => {
  expect(read().check({ url, quote })?.field).toBe(field);
});

test("a redirect that was only reported is no page", () => {
  const pages = new ReadPages();
  pages.note(
    "https://example.org/x",
    "https://example.org/x redirects (302) to another host, which was not followed: https://y/",
  );
  expect(pages.size).toBe(0);
});
