import { toolSuite } from "@agentwerk/core/testing";
import { editFile } from "./edit-file.ts";
import { glob } from "./glob.ts";
import { grep } from "./grep.ts";
import { listDirectory } from "./list-directory.ts";
import { readFile } from "./read-file.ts";
import { type FileBench, fileBench } from "./testing/file-bench.ts";
import { writeFile } from "./write-file.ts";

const files = {
  "src/index.ts": 'export const answer = 42;\nconsole.log("hello");\n',
  "docs/guide.md": "# Guide\n\nhello\n",
  ".gitignore": "ignored/\n",
  "ignored/x.ts": "hello\n",
};

async function openWith(bench: Promise<FileBench>, tool: Parameters<FileBench["call"]>[0]) {
  const { options, state, close } = await bench;
  return { tool, options, state, close };
}

toolSuite({
  name: "read_file",
  open: () => openWith(fileBench(files), readFile()),
  valid: [{ path: "src/index.ts" }, { path: "./docs/../docs/guide.md", offset: 2, limit: 1, column: 2 }],
  invalid: [{}, { path: 7 }, { path: "a", offset: 0 }, { path: "a", lines: 3 }],
  failing: [
    { path: "src" },
    { path: "nothing.ts" },
    { path: "../outside/secret.txt" },
    { path: "src/index.ts", offset: 9 },
  ],
  slow: { path: "src/index.ts" },
});

toolSuite({
  name: "write_file",
  open: () => openWith(fileBench(files), writeFile()),
  valid: [
    { path: "new/deep/file.txt", content: "text" },
    { path: "docs/guide.md", content: files["docs/guide.md"] },
  ],
  invalid: [{}, { path: "a" }, { path: "a", content: 7 }],
  failing: [
    { path: "src", content: "" },
    { path: "docs/guide.md", content: "never read" },
    { path: "../outside/new.txt", content: "" },
    { path: "docs/guide.md/x", content: "" },
  ],
  slow: { path: "new.txt", content: "text" },
});

toolSuite({
  name: "edit_file",
  open: async () => {
    const bench = await fileBench(files);
    await bench.call(readFile(), { path: "src/index.ts" });
    return openWith(Promise.resolve(bench), editFile());
  },
  valid: [{ path: "src/index.ts", old_string: "42", new_string: "43" }],
  invalid: [{}, { path: "a", old_string: "", new_string: "b" }, { path: "a", old_string: "b" }],
  failing: [
    { path: "src/index.ts", old_string: "nowhere", new_string: "" },
    { path: "src/index.ts", old_string: "o", new_string: "0" },
    { path: "docs/guide.md", old_string: "hello", new_string: "unread" },
    { path: "missing/file.ts", old_string: "a", new_string: "b" },
  ],
  slow: { path: "src/index.ts", old_string: "42", new_string: "43" },
});

toolSuite({
  name: "glob",
  open: () => openWith(fileBench(files), glob()),
  valid: [
    { pattern: "**/*.ts" },
    { pattern: "*.none" },
    { pattern: "**/*", path: "src", limit: 1, ignored: true },
  ],
  invalid: [{}, { pattern: "" }, { pattern: "*", limit: 0 }],
  failing: [{ pattern: "../outside/*" }, { pattern: "*", path: "docs/guide.md" }],
  slow: { pattern: "**/*" },
});

toolSuite({
  name: "list_directory",
  open: () => openWith(fileBench(files), listDirectory()),
  valid: [{}, { path: "src" }, { depth: 3, ignored: true, limit: 2 }],
  invalid: [{ path: 7 }, { depth: 0 }, { recursive: true }],
  failing: [{ path: "nothing" }, { path: ".." }, { path: "docs/guide.md" }],
  slow: {},
});

toolSuite({
  name: "grep",
  open: () => openWith(fileBench(files), grep()),
  valid: [
    { pattern: "hello" },
    { pattern: "nothing at all" },
    { pattern: "(", syntax: "literal", mode: "count" },
    { pattern: "console.log($A)", syntax: "code", context: 1 },
    { pattern: "HELLO", ignore_case: true, glob: "*.md", mode: "files", path: "docs", limit: 1 },
  ],
  invalid: [{}, { pattern: "" }, { pattern: "a", syntax: "glob" }, { pattern: "a", mode: "all" }],
  failing: [{ pattern: "(" }, { pattern: "a", path: "nowhere" }, { pattern: "a", path: "../outside" }],
  slow: { pattern: "hello" },
});
