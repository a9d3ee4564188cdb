import { mkdir, symlink } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { Tool } from "@agentwerk/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { editFile } from "../edit-file.ts";
import { fileTools } from "../file-tools.ts";
import { readFile } from "../read-file.ts";
import { type FileBench, fileBench, secret } from "../testing/file-bench.ts";
import { messageOf } from "../testing/message-of.ts";
import { writeFile } from "../write-file.ts";
import { descriptors } from "./open-inside.ts";

const ways = process.platform === "linux" ? [true, false] : [false];

describe.each(ways)("with descriptors: %s", { timeout: 30_000 }, (usable) => {
  const before = descriptors.usable;
  let bench: FileBench;
  beforeEach(async () => {
    descriptors.usable = usable;
    bench = await fileBench({ "a.txt": "a", "folder/b.txt": "b", "folder/deep/c.txt": "c" });
  });
  afterEach(async () => {
    descriptors.usable = before;
    await bench.close();
  });

  /** Every tool, with arguments that lead it to `path`. */
  function calls(path: string): readonly (readonly [tool: Tool, input: object])[] {
    const inputs: Readonly<Record<string, readonly object[]>> = {
      read_file: [{ path }],
      write_file: [{ path, content: "escaped" }],
      edit_file: [{ path, old_string: "secret", new_string: "escaped" }],
      glob: [{ pattern: "**/*", path, ignored: true }, { pattern: `${path}/*` }],
      list_directory: [{ path, depth: 5, ignored: true }],
      grep: [
        { pattern: ".", path, ignored: true },
        { pattern: ".", path, mode: "files" },
        { pattern: "$A", path, syntax: "code" },
      ],
    };
    return fileTools().flatMap((tool) => (inputs[tool.name] ?? []).map((input) => [tool, input] as const));
  }

  async function expectRefused(path: string): Promise<void> {
    for (const [tool, input] of calls(path)) {
      const answer = JSON.stringify(await bench.call(tool, input));
      expect(answer, `${tool.name} ${JSON.stringify(input)}`).not.toContain(secret);
      expect(answer, `${tool.name} ${JSON.stringify(input)}`).not.toContain("secret.txt\\n");
      expect(answer).toMatch(/"kind":"error"|No files match|No matches/);
    }
  }

  test("a path that leads out is refused by every tool, and nothing outside changes", async () => {
    const [, outsideBefore] = (await bench.state()) as unknown[];
    await symlink(bench.outside, bench.path("out"));
    await symlink(join(bench.outside, "secret.txt"), bench.path("out.txt"));
    await symlink("../../outside", bench.path("folder/out"));
    await symlink("out", bench.path("twice"));
    for (const path of [
      "..",
      "../outside",
      "../outside/secret.txt",
      "folder/../../outside/secret.txt",
      "./././../outside/secret.txt",
      bench.outside,
      join(bench.outside, "secret.txt"),
      "out",
      "out/secret.txt",
      "out.txt",
      "folder/out/secret.txt",
      "twice/secret.txt",
      "out/new.txt",
      "twice/new/new.txt",
      `${bench.dir}-beside/x`,
      "/etc/passwd",
      "/",
    ]) {
      await expectRefused(path);
    }
    const [, outsideAfter] = (await bench.state()) as unknown[];
    expect(outsideAfter).toEqual(outsideBefore);
  });

  test("links that lead nowhere or in a circle are refused, and not written through", async () => {
    await symlink(join(bench.outside, "new.txt"), bench.path("dangling"));
    await symlink(join(bench.outside, "newdir"), bench.path("danglingdir"));
    await symlink("loop2", bench.path("loop1"));
    await symlink("loop1", bench.path("loop2"));
    for (const path of ["dangling", "danglingdir/x", "loop1", "loop1/x", "folder/../loop2"])
      await expectRefused(path);
    const [, outside] = (await bench.state()) as string[][];
    expect(outside).toHaveLength(1);
  });

  test("links within the directory are followed", async () => {
    await symlink("folder/deep", bench.path("short"));
    expect(await bench.call(readFile(), { path: "short/c.txt" })).toBe("1\tc");
    expect(await bench.call(writeFile(), { path: "short/new/d.txt", content: "d" })).toMatch(
      /folder\/deep\/new\/d.txt/,
    );
    expect(await bench.text("folder/deep/new/d.txt")).toBe("d");
  });

  test("a directory that is given by a link, and absolute paths into it, work", async () => {
    const link = join(bench.outside, "..", "by-link");
    await symlink(bench.dir, link);
    for (const path of ["a.txt", join(link, "a.txt"), bench.path("a.txt")]) {
      expect(await bench.call(readFile(), { path }, { dir: link })).toBe("1\ta");
    }
  });

  test("a root that the user named is open, and only as a whole name", async () => {
    await mkdir(`${bench.outside}-more`);
    const options = { roots: [bench.outside] };
    const path = join(bench.outside, "secret.txt");
    expect(await bench.call(readFile(options), { path })).toBe(`1\t${secret}`);
    expect(await bench.call(editFile(options), { path, old_string: secret, new_string: "x" })).toMatch(
      /^Changed/,
    );
    const beside = await bench.call(writeFile(options), { path: `${bench.outside}-more/x`, content: "" });
    expect(messageOf(beside)).toMatch(/is outside of where this tool may go/);
  });

  test("names that no file system takes are answered", async () => {
    for (const path of [
      "",
      " ",
      "a\0b",
      "n".repeat(300),
      "d/".repeat(3_000),
      "\ud800",
      "a.txt/x",
      "a.txt/../../outside",
    ]) {
      for (const [tool, input] of calls(path)) {
        const answer = await bench.call(tool, input).catch(String);
        expect(JSON.stringify(answer)).not.toContain(secret);
      }
    }
  });

  test("whatever the path, nothing outside is read or written", async () => {
    await symlink(bench.outside, bench.path("out"));
    await symlink("..", bench.path("folder/up"));
    await symlink("../..", bench.path("folder/far"));
    const [, outsideBefore] = (await bench.state()) as unknown[];
    const part = fc.constantFrom(
      "..",
      ".",
      "",
      "a.txt",
      "folder",
      "deep",
      "out",
      "up",
      "far",
      "outside",
      "inside",
      "secret.txt",
      "OUT",
      "secret\u0000.txt",
      "ｏut",
      "o\u0301ut",
      "new",
      "~",
      "..\\..",
      "%2e%2e",
      "…",
    );
    const path = fc
      .tuple(fc.boolean(), fc.array(part, { minLength: 1, maxLength: 8 }))
      .map(([isAbsolute, parts]) => (isAbsolute ? join(bench.dir, parts.join("/")) : parts.join("/")));
    await fc.assert(
      fc.asyncProperty(path, async (candidate) => {
        const read = await bench.call(readFile(), { path: candidate });
        expect(JSON.stringify(read)).not.toContain(secret);
        const written = await bench.call(writeFile(), { path: candidate, content: "x" });
        if (typeof written !== "string") return;
        // What was confirmed was written to a place within.
        expect(relative(bench.dir, resolve(bench.dir, written.split(" ")[1] ?? ""))).not.toMatch(
          /^\.\.(\/|$)/,
        );
      }),
      { numRuns: 300 },
    );
    const [, outsideAfter] = (await bench.state()) as unknown[];
    expect(outsideAfter).toEqual(outsideBefore);
  });
});
