interface Position {
  /** The page, relative to the root of the workspace. */
  page: string;
  /** The line of the page on which the code begins, counted from 1. */
  line: number;
}

export interface Example extends Position {
  code: string;
  /** Whether it is also executed. */
  run: boolean;
}

export interface ExamplesOfPage {
  examples: Example[];
  /** Blocks whose marks say nothing that we know. */
  problems: string[];
}

interface Block extends Position {
  mark: string;
  code: string;
}

/**
 * The TypeScript examples of a markdown page. The mark after `ts` says what happens to a block:
 *
 * - none: it is type-checked, as a module of its own
 * - `run`: it is type-checked and executed
 * - `continues`: it goes on where the block before it ended, as one module with it
 * - `no-check <reason>`: nothing
 */
export function extractExamples(page: string, markdown: string): ExamplesOfPage {
  const examples: Example[] = [];
  const problems: string[] = [];
  for (const { mark, code, line } of typescriptBlocks(page, markdown)) {
    const last = examples.at(-1);
    if (mark === "" || mark === "run") examples.push({ page, line, code, run: mark === "run" });
    else if (mark === "continues" && last) last.code = appendAtLine(last, code, line);
    else if (!/^no-check \S/.test(mark)) problems.push(`${page}:${line - 1}: ${describeProblem(mark)}`);
  }
  return { examples, problems };
}

function typescriptBlocks(page: string, markdown: string): Block[] {
  return [...markdown.matchAll(/^```(?:ts|typescript)\b *(.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    page,
    line: markdown.slice(0, match.index).split("\n").length + 1,
    mark: match[1]?.trim() ?? "",
    code: match[2] ?? "",
  }));
}

/** Keeps the lines of the page, so that a message of the compiler points there. */
function appendAtLine(example: Example, code: string, line: number): string {
  const lines = example.code.split("\n").length - 1;
  return example.code + "\n".repeat(Math.max(0, line - example.line - lines)) + code;
}

function describeProblem(mark: string): string {
  if (mark === "no-check") return "`ts no-check` needs a reason after it.";
  if (mark === "continues") return "`ts continues` has no block before it.";
  return `\`ts ${mark}\` is not known: use \`ts\`, \`ts run\`, \`ts continues\` or \`ts no-check <reason>\`.`;
}
