import { readFileSync } from "node:fs";
import { encode } from "gpt-tokenizer";
import { expect, test } from "vitest";
import { fileTools } from "./file-tools.ts";

/** Tokens of what a request carries for a tool, in the encoding of GPT-4o and later (o200k). */
function cost({ name, description, inputSchema }: ReturnType<typeof fileTools>[number]): number {
  return encode(JSON.stringify({ name, description, parameters: inputSchema })).length;
}

const guide = new URL("../../../../docs/guides/files.md", import.meta.url);

test("the guide's table tells what each definition costs", () => {
  const rows = fileTools().map((tool) => `| \`${tool.name}\` | ${cost(tool)} |`);
  const all = fileTools().reduce((sum, tool) => sum + cost(tool), 0);
  expect(readFileSync(guide, "utf8")).toContain([...rows, `| all | ${all} |`].join("\n"));
});
