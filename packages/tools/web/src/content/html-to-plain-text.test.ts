import { expect, test } from "vitest";
import { toPlainText } from "../search/to-plain-text.ts";
import { htmlToMarkdown } from "./html-to-markdown.ts";
import { htmlToPlainText } from "./html-to-plain-text.ts";

const html =
  "<html><head><title>it&#39;s &amp;amp; A&eacute;</title></head><body><p>a &lt;b&gt; &#x27;c&#x27;&mdash;d &nosuch; &copy</p></body></html>";

test("entities are decoded once, in the title and in the text, after tags are gone", () => {
  expect(htmlToPlainText(html)).toMatchObject({
    title: "it's &amp; Aé",
    text: "it's &amp; Aé\na <b> 'c'—d &nosuch; ©",
  });
  expect(toPlainText("<b>it&#39;s</b> &amp;lt;  &nbsp;&hellip;")).toBe("it's &lt; …");
});

test("a title reads the same, whichever way a page comes", () => {
  const whole = htmlToMarkdown(html, { url: new URL("http://x.example/"), full: true });
  expect(htmlToPlainText(html).title).toBe(whole.title);
});
