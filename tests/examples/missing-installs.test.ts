import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { workspaceRoot } from "../support/workspace-packages.ts";
import { readExamples } from "./examples-workspace.ts";
import { extractExamples } from "./extract-examples.ts";
import { missingInstalls } from "./missing-installs.ts";

const readmes = Map.groupBy(
  readExamples().examples.filter(({ page }) => page.endsWith("README.md")),
  ({ page }) => page,
);

test.each([...readmes])("%s installs what its examples import", (page, examples) => {
  const markdown = readFileSync(join(workspaceRoot, page), "utf8");
  expect(missingInstalls(markdown, examples)).toEqual([]);
});

describe("a package that an example imports", () => {
  const example = '```ts\nimport { a } from "one/sub";\nimport {\n  b,\n} from "@two/b";\n```\n';

  test.each([
    "```sh\nnpm install --save-dev one   # a word about it\nnpm install @two/b\n```\n",
    "First `npm install @two/b one`.\n",
  ])("is installed by %j", (before) => {
    expect(missing(before + example)).toEqual([]);
  });

  test("is missed by its line where nothing above installs it", () => {
    expect(missing(`\`npm install one\`\n${example}\`npm install @two/b\`\n`)).toEqual([
      "README.md:6: @two/b is imported and not installed above.",
    ]);
  });

  test("has to be installed before the block that imports it, also where that continues another", () => {
    const rest = '```ts continues\nawait import("@two/b");\n```\n';
    const head = '`npm install one`\n```ts\nimport "one";\n```\n';
    expect(missing(`${head}\`npm install @two/b\`\n${rest}`)).toEqual([]);
    expect(missing(head + rest)).toEqual(["README.md:6: @two/b is imported and not installed above."]);
  });

  test("is none where it is Node's own, a file, or no import at all", () => {
    const code = 'import "node:fs";\nimport "./a.ts";\nimport "../b.ts";\nArray.from("text");\n';
    expect(missing(`\`\`\`ts\n${code}\`\`\`\n`)).toEqual([]);
  });
});

function missing(markdown: string): string[] {
  return missingInstalls(markdown, extractExamples("README.md", markdown).examples);
}
