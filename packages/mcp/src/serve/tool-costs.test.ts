import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encode } from "gpt-tokenizer";
import { expect, test } from "vitest";
import { profiles } from "./profile.ts";
import { servedTools } from "./tools/served-tools.ts";

const guide = fileURLToPath(new URL("../../../../docs/guides/mcp-serve.md", import.meta.url));
const section = /(?<=<!-- costs: made by packages\/.*-->\n\n).*(?=<!-- end of costs -->)/s;

test("the guide tells what each tool costs: npm test -- packages/mcp/src/serve/tool-costs -u writes it", async () => {
  const tools = servedTools({ profile: "work", hasKnowledge: true });
  const rows = tools.map(({ name, profile, ofKnowledge, listing }) => {
    const { description, inputSchema } = listing;
    const cost = encode(JSON.stringify({ name, description, parameters: inputSchema })).length;
    return {
      cells: [`\`${name}\``, ofKnowledge ? `${profile}, with knowledge` : profile],
      cost,
      profile,
      ofKnowledge,
    };
  });
  const sums = profiles.map((profile) => {
    const names = new Set(servedTools({ profile, hasKnowledge: false }).map(({ name }) => `\`${name}\``));
    const cost = rows
      .filter(({ cells }) => names.has(cells[0] ?? ""))
      .reduce((sum, row) => sum + row.cost, 0);
    return { cells: [`all of \`${profile}\``, ""], cost };
  });
  const table = [
    ["tool", "profile", "tokens"],
    ["---", "---", "---:"],
  ];
  for (const { cells, cost } of [...rows, ...sums]) table.push([...cells, String(cost)]);

  const lines = table.map((row) => `| ${row.join(" | ")} |\n`).join("");
  const text = readFileSync(guide, "utf8");
  expect(text).toMatch(section);
  await expect(text.replace(section, () => `${lines}\n`)).toMatchFileSnapshot(guide);
});
