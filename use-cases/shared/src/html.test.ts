import { expect, test } from "vitest";
import { escapeHtml, htmlPage } from "./html.ts";

test("text can end neither an element nor an attribute", () => {
  expect(escapeHtml(`<b title="a" id='b'>&amp;`)).toBe(
    "&lt;b title=&quot;a&quot; id=&#39;b&#39;&gt;&amp;amp;",
  );
});

test("a page loads and runs nothing, whatever its title says", () => {
  const page = htmlPage({ title: "</title><script>alert(1)</script>", style: "", body: "<p>text</p>" });
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(page).toContain("<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>");
});
