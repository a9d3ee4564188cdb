import { expect, test } from "vitest";
import { extractExamples } from "./extract-examples.ts";

const page = "README.md";

test("a block is found at its line and is not executed unless it says so", () => {
  const { examples } = extractExamples(
    page,
    "# Title\n\n```ts\nconst a = 1;\n```\n\n```ts run\nrun();\n```\n",
  );
  expect(examples).toEqual([
    { page, line: 4, code: "const a = 1;\n", run: false },
    { page, line: 8, code: "run();\n", run: true },
  ]);
});

test("a block that continues keeps its line within the example", () => {
  const { examples } = extractExamples(page, "```ts run\na();\n```\ntext\n```ts continues\nb();\n```\n");
  expect(examples).toEqual([{ page, line: 2, code: "a();\n\n\n\nb();\n", run: true }]);
});

test("a block without check needs a reason", () => {
  const { examples, problems } = extractExamples(
    page,
    "```ts no-check\na\n```\n```ts no-check a sketch\nb\n```\n",
  );
  expect(examples).toEqual([]);
  expect(problems).toEqual(["README.md:1: `ts no-check` needs a reason after it."]);
});

test("an unknown mark is a problem", () => {
  expect(extractExamples(page, "```ts runs\na\n```\n").problems).toHaveLength(1);
});

test("blocks of other languages are left alone", () => {
  expect(extractExamples(page, "```sh\nnpm start\n```\n```tsx\nx\n```\n").examples).toEqual([]);
});
