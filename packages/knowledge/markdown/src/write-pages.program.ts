// Writes pages, its own and one that all share. Arguments: directory, name, number of pages.
import { markdownKnowledge } from "./markdown-knowledge.ts";

const [dir = ".", name = "", pages = "0"] = process.argv.slice(2);
const knowledge = markdownKnowledge({ dir });
for (let page = 0; page < Number(pages); page++) {
  await knowledge.write({ slug: `${name}-${page}`, description: `Page ${page} of ${name}`, body: "x" });
  await knowledge.write({ slug: "shared", description: `By ${name}`, body: `${name} `.repeat(5_000) });
  if (page % 5 === 4) await knowledge.remove(`${name}-${page}`);
}
