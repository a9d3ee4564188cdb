import { spawnSync } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { rgPath } from "@vscode/ripgrep";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { glob } from "../glob.ts";
import { listDirectory } from "../list-directory.ts";
import { type FileBench, fileBench } from "../testing/file-bench.ts";
import { messageOf } from "../testing/message-of.ts";

let bench: FileBench;
afterEach(() => bench.close());

const files = {
  ".gitignore": "*.log\n/build/\n!keep.log\n",
  "a.ts": "",
  "keep.log": "",
  "x.log": "",
  "build/out.js": "",
  "src/b.ts": "",
  "src/deep/c.ts": "",
  "src/deep/c.log": "",
  ".hidden/d.ts": "",
  ".git/config": "",
};

describe("glob", () => {
  test.each([
    ["**/*.ts", ".hidden/d.ts\na.ts\nsrc/b.ts\nsrc/deep/c.ts"],
    ["src/**", "src/b.ts\nsrc/deep/c.ts"],
    ["src/*", "src/b.ts"],
    ["src/b.ts", "src/b.ts"],
    ["{a,src/b}.ts", "a.ts\nsrc/b.ts"],
    ["**/*.log", "keep.log"],
    ["./src/../src/*.ts", "src/b.ts"],
    ["nowhere/*.ts", "No files match nowhere/*.ts."],
    ["*.md", "No files match *.md. To look in every folder: **/*.md"],
  ])("%s", async (pattern, expected) => {
    bench = await fileBench(files);
    expect(await bench.call(glob(), { pattern })).toBe(expected);
  });

  test("starts from a path, absolute patterns included", async () => {
    bench = await fileBench(files);
    expect(await bench.call(glob(), { pattern: "*.ts", path: "src/deep" })).toBe("src/deep/c.ts");
    expect(await bench.call(glob(), { pattern: bench.path("src/*.ts") })).toBe("src/b.ts");
  });

  test("is capped with a word about the rest, and shows what is ignored when asked", async () => {
    bench = await fileBench(files);
    expect(await bench.call(glob(), { pattern: "**/*.ts", limit: 1 })).toBe(
      ".hidden/d.ts\n(1 of 4 files: narrow the pattern, or raise limit)",
    );
    expect(await bench.call(glob(), { pattern: "**/*.{log,js}", ignored: true })).toBe(
      "build/out.js\nkeep.log\nsrc/deep/c.log\nx.log",
    );
  });

  test("shows names with control characters in quotes", async () => {
    bench = await fileBench({ "a\nb.ts": "" });
    expect(await bench.call(glob(), { pattern: "*.ts" })).toBe('"a\\nb.ts"');
  });

  test("a pattern made to be slow ends soon", async () => {
    bench = await fileBench({ ["a".repeat(200)]: "" });
    const started = performance.now();
    await bench.call(glob(), { pattern: `${"*a".repeat(60)}b` });
    await bench.call(glob(), { pattern: `${"+(a|aa)".repeat(10)}b` });
    await bench.call(glob(), { pattern: `${"{".repeat(400)}a,b${"}".repeat(400)}` });
    await bench.call(glob(), { pattern: "**/*a/".repeat(100) });
    expect(messageOf(await bench.call(glob(), { pattern: "{a,b}".repeat(12) }))).toMatch(
      /more than 1000 patterns/,
    );
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe("list_directory", () => {
  test("is sorted, marks directories and links, and leaves out what is ignored", async () => {
    bench = await fileBench(files);
    await symlink("src/b.ts", bench.path("link"));
    await mkdir(bench.path("empty"));
    const all = ".gitignore\n.hidden/\na.ts\nempty/\nkeep.log\nlink -> src/b.ts\nsrc/";
    expect(await bench.call(listDirectory(), {})).toBe(all);
    expect(await bench.call(listDirectory(), { path: "src", depth: 2 })).toBe("b.ts\ndeep/\ndeep/c.ts");
    expect(await bench.call(listDirectory(), { path: "src/deep", ignored: true })).toBe("c.log\nc.ts");
  });

  test("shows a directory that is itself ignored", async () => {
    bench = await fileBench(files);
    expect(await bench.call(listDirectory(), { path: "build" })).toBe("out.js");
  });

  test("is capped with a word about the rest", async () => {
    bench = await fileBench(files);
    expect(await bench.call(listDirectory(), { limit: 2 })).toBe(
      ".gitignore\n.hidden/\n(3 more names: list a directory within, or raise limit from 2)",
    );
  });

  test("says when there is nothing", async () => {
    bench = await fileBench({ ".gitignore": "*\n" });
    expect(await bench.call(listDirectory(), {})).toMatch(/^\(empty, but for 1 names/);
    await mkdir(bench.path("empty"));
    expect(await bench.call(listDirectory(), { path: "empty" })).toBe("(empty)");
  });

  test("does not follow a .gitignore that is a link, nor wait for one that is a pipe", async () => {
    bench = await fileBench({ "sub/a.log": "" });
    await symlink(`${bench.outside}/secret.txt`, bench.path(".gitignore"));
    spawnSync("sh", ["-c", `mkfifo "$0"`, bench.path("sub/.gitignore")]);
    expect(await bench.call(listDirectory(), { depth: 2 })).toMatch(/sub\/a.log/);
  });
});

describe("what .gitignore leaves out", () => {
  test("is told soon, also of rules made to be slow", async () => {
    bench = await fileBench({
      ".gitignore": `${"*a".repeat(60)}b\n${"**/a".repeat(60)}/b\n`,
      ["a".repeat(200)]: "",
    });
    const started = performance.now();
    expect(await bench.call(listDirectory(), {})).toBe(`.gitignore\n${"a".repeat(200)}`);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  // Braces are left out: ripgrep expands them, git and we do not.
  const rule = fc.constantFrom(
    ..."a b *.x /a d/ d/e !a !b.x **/a d/** !d/e/ [ab] b.*/ a/ e/**/c \\!a ? !* * d/* !*/ d/e/** **/e /b.x /d/e/b".split(
      " ",
    ),
    "# a",
    "a ",
    "a\\ ",
    "a/b/",
    "**",
    "",
  );
  const rules = fc.array(rule, { maxLength: 4 }).map((lines) => `${lines.join("\n")}\n`);
  const tree = ["a", "b", "c.x", "d/a", "d/e/b", "d/e/a.x", "b.x/a", "!a", "e/d/e/c"];

  test("is the same for list_directory, glob and ripgrep", async () => {
    await fc.assert(
      fc.asyncProperty(rules, rules, fc.boolean(), async (top, deep, isRepository) => {
        bench = await fileBench({
          ...Object.fromEntries(tree.map((name) => [name, ""])),
          ".gitignore": top,
          "d/.gitignore": deep,
          ...(isRepository && { ".git/HEAD": "" }),
        });
        const flags = [
          "--no-config",
          "--files",
          "--hidden",
          "--glob=!.git",
          ...(isRepository ? [] : ["--no-require-git"]),
        ];
        const { stdout } = spawnSync(rgPath, flags, { cwd: bench.dir, encoding: "utf8" });
        const expected = stdout.split("\n").filter(Boolean).sort();
        const globbed = String(await bench.call(glob(), { pattern: "**/*" })).split("\n");
        expect(globbed.filter((line) => !line.startsWith("No files"))).toEqual(expected);
        const listed = String(await bench.call(listDirectory(), { depth: 5 })).split("\n");
        expect(listed.filter((line) => !line.endsWith("/") && !line.startsWith("(")).sort()).toEqual(
          expected,
        );
        await bench.close();
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
