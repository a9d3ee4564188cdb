import { spawnSync } from "node:child_process";
import { rgPath } from "@vscode/ripgrep";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { grep } from "../grep.ts";
import { type FileBench, fileBench } from "../testing/file-bench.ts";
import { messageOf } from "../testing/message-of.ts";

let bench: FileBench;
afterEach(() => bench.close());

async function search(files: Readonly<Record<string, string | Buffer>>, input: object): Promise<unknown> {
  bench = await fileBench(files);
  return bench.call(grep(), input);
}

/** What ripgrep itself says of the directory. */
function ripgrep(...args: readonly string[]): readonly string[] {
  const common = [
    "--no-config",
    "--hidden",
    "--no-require-git",
    "--no-ignore-parent",
    "--glob=!.git",
    "--sort=path",
  ];
  const { stdout } = spawnSync(rgPath, [...common, ...args, "./"], { cwd: bench.dir, encoding: "utf8" });
  return stdout
    .split("\n")
    .map((line) => line.replace(/^\.\//, ""))
    .filter((line) => line !== "");
}

describe("what comes back", () => {
  const files = { "b.txt": "one\ntwo\nthree\n", "a/x.ts": "two = 2;\n", "a/y.md": "none\n" };

  test("lines under their file, sorted by path", async () => {
    expect(await search(files, { pattern: "two|three" })).toBe("a/x.ts\n1:two = 2;\n\nb.txt\n2:two\n3:three");
  });

  test("context lines with a dash, and a gap between places", async () => {
    const lines = Array.from({ length: 9 }, (_, index) => `${index + 1}`).join("\n");
    expect(await search({ f: lines }, { pattern: "2|8", context: 1 })).toBe(
      "f\n1-1\n2:2\n3-3\n--\n7-7\n8:8\n9-9",
    );
  });

  test("files only, or counts with their sum", async () => {
    expect(await search(files, { pattern: "two", mode: "files" })).toBe("a/x.ts\nb.txt");
    expect(await bench.call(grep(), { pattern: "t", mode: "count" })).toBe(
      "a/x.ts:1\nb.txt:2\n(3 in 2 files)",
    );
  });

  test("not more than the limit, with a word about the rest", async () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index + 10}`, "x\nx\n"]));
    expect(await search(many, { pattern: "x", limit: 3 })).toBe(
      "f10\n1:x\n2:x\n\nf11\n1:x\n\n(the first 3 matching lines of 60 in 30 files: narrow the search, or raise limit)",
    );
    expect(await bench.call(grep(), { pattern: "x", limit: 2, mode: "files" })).toBe(
      "f10\nf11\n(2 of 30 files: narrow the search, or raise limit)",
    );
  });

  test("nothing", async () => {
    expect(await search(files, { pattern: "nowhere" })).toBe("No matches.");
  });

  test("a very long line is cut", async () => {
    const answer = await search({ f: `${"é".repeat(100_000)}x` }, { pattern: "x" });
    expect(answer).toBe(`f\n1:${"é".repeat(400)} […]`);
  });

  test("is cut before the loop would cut it", async () => {
    const answer = await search({ f: `${"x".repeat(300)}\n`.repeat(1_000) }, { pattern: "x", limit: 1_000 });
    expect(String(answer).length).toBeLessThan(30_000);
    expect(answer).toMatch(/\(the first \d+ matching lines of 1000 in 1 files/);
  });

  test("UTF-16 files are searched as text, binary files are not shown", async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("grüße\n", "utf16le")]);
    expect(await search({ a: utf16, b: Buffer.from("\0\0grüße") }, { pattern: "grüße" })).toBe("a\n1:grüße");
  });
});

describe("what is searched", () => {
  const files = {
    ".gitignore": "*.log\n/build/\n",
    "a.log": "word",
    "build/x.ts": "word",
    "src/a.ts": "Word",
    "src/b.md": "word",
    ".hidden": "word",
    ".git/config": "word",
  };

  test("everything but what .gitignore names and git's own files", async () => {
    expect(await search(files, { pattern: "(?i)word", mode: "files" })).toBe(".hidden\nsrc/a.ts\nsrc/b.md");
    expect(await bench.call(grep(), { pattern: "word", mode: "files", ignored: true })).toBe(
      ".hidden\na.log\nbuild/x.ts\nsrc/b.md",
    );
  });

  test("one file, one folder, or what a glob names", async () => {
    expect(await search(files, { pattern: "word", path: "a.log" })).toBe("a.log\n1:word");
    expect(await bench.call(grep(), { pattern: "WORD", path: "src", ignore_case: true, mode: "files" })).toBe(
      "src/a.ts\nsrc/b.md",
    );
    expect(
      await bench.call(grep(), { pattern: "word", ignore_case: true, glob: "src/*.ts", mode: "files" }),
    ).toBe("src/a.ts");
    expect(
      await bench.call(grep(), { pattern: "word", ignore_case: true, glob: "!*.md", mode: "files" }),
    ).toBe(".hidden\nsrc/a.ts");
  });

  test("rules of folders above count within a repository, and do not outside of one", async () => {
    bench = await fileBench({ ".gitignore": "*.log\n", "sub/a.log": "word", "sub/b.txt": "word" });
    const input = { pattern: "word", mode: "files", path: "sub" };
    expect(await bench.call(grep(), input)).toBe("sub/a.log\nsub/b.txt");
    await bench.put(".git/HEAD", "ref: refs/heads/main\n");
    expect(await bench.call(grep(), input)).toBe("sub/b.txt");
  });

  test("the machine's own ripgrep settings change nothing", async () => {
    bench = await fileBench({ a: "word\n", config: "--invert-match\n" });
    process.env.RIPGREP_CONFIG_PATH = bench.path("config");
    expect(await bench.call(grep(), { pattern: "word" })).toBe("a\n1:word");
    delete process.env.RIPGREP_CONFIG_PATH;
  });
});

describe("syntax", () => {
  test("literal takes every character as it is", async () => {
    expect(await search({ f: "a(b\n-e x\n" }, { pattern: "a(b", syntax: "literal" })).toBe("f\n1:a(b");
    expect(await bench.call(grep(), { pattern: "-e x", syntax: "literal" })).toBe("f\n2:-e x");
  });

  test("a pattern that cannot be read is told with ripgrep's words", async () => {
    expect(messageOf((await search({ f: "x" }, { pattern: "a(" })) as never)).toMatch(/unclosed group/);
  });

  test("multiline spans lines", async () => {
    expect(await search({ f: "a\nb\nc\n" }, { pattern: "a.b", multiline: true })).toBe("f\n1:a\n2:b");
  });

  test("code finds by shape, over lines, and whatever the spaces", async () => {
    const files = {
      "a.ts": "const x: number = f( 1,\n  2 );\ng(3);\n",
      "b.js": 'f("a", "b"); // f(1, 2)\n',
      "c.py": "f(1, 2)\n",
      "d.css": "a { color: red }\n",
    };
    expect(await search(files, { pattern: "f($A, $B)", syntax: "code" })).toBe(
      'a.ts\n1:const x: number = f( 1,\n2:  2 );\n\nb.js\n1:f("a", "b"); // f(1, 2)',
    );
    expect(await bench.call(grep(), { pattern: "f($$$)", syntax: "code", mode: "count", glob: "*.js" })).toBe(
      "b.js:1",
    );
    expect(messageOf(await bench.call(grep(), { pattern: "f($A)", syntax: "code", path: "c.py" }))).toMatch(
      /\.tsx/,
    );
  });

  test("code reads a file that is no valid code as far as it goes", async () => {
    expect(
      await search({ "a.ts": "f(1); }}} class {\n" }, { pattern: "f($A)", syntax: "code", mode: "files" }),
    ).toBe("a.ts");
  });
});

describe("equality with ripgrep", () => {
  const content = fc.string({
    unit: fc.constantFrom("a", "b", "ab", " ", "\n", "\r\n", "é", "\0", "x1", "(", "\t"),
    maxLength: 40,
  });
  const names = fc.constantFrom(
    "a.txt",
    "b.ts",
    "d/a.txt",
    "d/e/f.ts",
    ".h",
    "d/x y.md",
    "ignored.log",
    "d/-z",
  );
  const tree = fc.dictionary(names, content, { minKeys: 1 });
  const pattern = fc.constantFrom(
    "a",
    "a+b",
    "^a",
    "b$",
    "[^a]",
    "\\s",
    "é",
    "x\\d",
    "(a|b)+",
    "\\bab\\b",
    "",
    ".",
  );

  test("files and counts are those of ripgrep", async () => {
    await fc.assert(
      fc.asyncProperty(
        tree,
        pattern.filter((value) => value !== ""),
        fc.boolean(),
        async (files, regex, ignoreCase) => {
          bench = await fileBench({ ".gitignore": "*.log\n", ...files });
          const flags = ignoreCase ? ["-i"] : [];
          const input = { pattern: regex, ignore_case: ignoreCase };
          const byPath = (lines: readonly string[]): readonly string[] => [...lines].sort();
          const listed = String(await bench.call(grep(), { ...input, mode: "files" })).split("\n");
          expect(byPath(listed)).toEqual(byPath(orNone(ripgrep(...flags, "-l", "-e", regex))));
          const counted = String(await bench.call(grep(), { ...input, mode: "count" })).split("\n");
          expect(byPath(counted.filter((line) => !/^\(\d+ in \d+ files\)$/.test(line)))).toEqual(
            byPath(orNone(ripgrep(...flags, "-c", "--with-filename", "-e", regex))),
          );
          await bench.close();
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  test("lines are those of ripgrep", async () => {
    const clean = tree.map((files) =>
      Object.fromEntries(
        Object.entries(files).map(([name, text]) => [name, text.replaceAll("\0", "").replaceAll("\r", "")]),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        clean,
        pattern.filter((value) => value !== ""),
        async (files, regex) => {
          bench = await fileBench({ ".gitignore": "*.log\n", ...files });
          const expected = ripgrep("--no-heading", "--with-filename", "-n", "-e", regex);
          const flat: string[] = [];
          let file = "";
          for (const line of String(await bench.call(grep(), { pattern: regex, limit: 1_000 })).split("\n")) {
            if (/^\d+:/.test(line)) flat.push(`${file}:${line}`);
            else if (line !== "") file = line;
          }
          expect([...flat].sort()).toEqual([...expected].sort());
          await bench.close();
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  const orNone = (lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? ["No matches."] : lines;
});
