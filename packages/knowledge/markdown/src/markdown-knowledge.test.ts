import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FileProblem } from "./file-cache.ts";
import { type MarkdownKnowledge, markdownKnowledge } from "./markdown-knowledge.ts";

let dir: string;
let problems: FileProblem[];
let knowledge: MarkdownKnowledge;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "agentwerk-knowledge-"));
  problems = [];
  knowledge = markdownKnowledge({ dir, onProblem: (problem) => problems.push(problem) });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function put(name: string, content: string | Buffer): Promise<void> {
  await mkdir(join(dir, "pages"), { recursive: true });
  await writeFile(join(dir, "pages", name), content);
}

const told = (): readonly string[] =>
  problems.map(({ message }) => message.slice(message.indexOf("/pages/") + 7));

describe("the files", () => {
  test("are a page in the Open Knowledge Format and an index with links", async () => {
    const clock = { now: () => Date.UTC(2026, 0, 2), wait: () => new Promise<void>(() => {}) };
    const fixed = markdownKnowledge({ dir, clock: clock as never });
    await fixed.write({
      slug: "a",
      type: "fact",
      description: "One: *two*",
      tags: ["x", "y"],
      body: "Body.",
    });
    expect(await readFile(join(dir, "pages/a.md"), "utf8")).toBe(
      '---\ntype: fact\ndescription: "One: *two*"\ntags:\n  - x\n  - y\ntimestamp: 2026-01-02T00:00:00.000Z\n---\n\nBody.\n',
    );
    expect(await readFile(join(dir, "index.md"), "utf8")).toBe(
      "# Pages\n\n* [a](pages/a.md) - One: \\*two\\* (fact)\n",
    );
    await fixed.remove("a");
    expect(await readFile(join(dir, "index.md"), "utf8")).toBe("# Pages\n\nNone yet.\n");
    expect(await readdir(dir)).toEqual(["index.md", "pages"]);
  });

  test("are not made by reading", async () => {
    await rm(dir, { recursive: true });
    expect(await knowledge.list()).toEqual([]);
    expect(await knowledge.index()).toBe("");
    await expect(readdir(dir)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test.runIf(existsSync("/proc/self"))(
    "are refused where no folder can be made, with what to do",
    async () => {
      const nowhere = markdownKnowledge({ dir: "/proc/agentwerk" });
      await expect(nowhere.write({ slug: "a", type: "fact", description: "d", body: "" })).rejects.toThrow(
        /The folder \/proc\/agentwerk\/pages cannot be made: .* Name one that you can write to/,
      );
    },
  );

  test("keep the keys that people added", async () => {
    await put(
      "a.md",
      "---\ntype: Table\ntitle: Orders\nresource: https://example.com/orders\ndescription: d\n---\nold\n",
    );
    await knowledge.write({ slug: "a", description: "new", body: "new" });
    expect(await readFile(join(dir, "pages/a.md"), "utf8")).toMatch(
      /^---\ntype: note\ndescription: new\ntitle: Orders\nresource: https:\/\/example.com\/orders\ntimestamp: /,
    );
  });
});

describe("a page that was edited by hand", () => {
  test("is picked up", async () => {
    await knowledge.write({ slug: "a", description: "Before", body: "before" });
    expect(await knowledge.search("before")).toHaveLength(1);
    await put("a.md", "---\ntype: fact\ndescription: After\n---\n\nafter\n");
    expect(await knowledge.read("a")).toMatchObject({ type: "fact", description: "After", body: "after" });
    expect(await knowledge.index()).toContain("After");
    expect(await knowledge.search("before")).toHaveLength(0);
  });

  test("is picked up also when its size and time of change are the same", async () => {
    await put("a.md", "---\ntype: fact\ndescription: One\n---\n");
    const time = new Date(2026, 0, 1);
    await utimes(join(dir, "pages/a.md"), time, time);
    expect((await knowledge.read("a"))?.description).toBe("One");
    await put("a.md", "---\ntype: fact\ndescription: Two\n---\n");
    await utimes(join(dir, "pages/a.md"), time, time);
    expect((await knowledge.read("a"))?.description).toBe("Two");
  });

  test.each([
    ["# A title\n\nText.", { type: "note", description: "A title", body: "# A title\n\nText." }],
    ["---\n---\nText.", { type: "note", description: "Text.", tags: [] }],
    [
      "---\ntype: 7\ndescription: true\ntags: a, b, a\n---\n",
      { type: "7", description: "true", tags: ["a", "b"] },
    ],
    [
      "\uFEFF---\r\ntype: fact\r\ndescription: Windows\r\n---\r\n\r\nText\r\n",
      { type: "fact", body: "Text" },
    ],
    [
      "---\ntitle: T\ntimestamp: 2026-05-28T14:30:00Z\n---\n",
      { description: "T", timestamp: Date.UTC(2026, 4, 28, 14, 30) },
    ],
    ["", { description: "a", body: "" }],
  ])("may leave things out: %j", async (content, expected) => {
    await put("a.md", content);
    expect(await knowledge.read("a")).toMatchObject(expected);
    expect(problems).toEqual([]);
  });
});

test("an index that is no file does not hold a writer up", async () => {
  spawnSync("sh", ["-c", `mkfifo "$0"`, join(dir, "index.md")]);
  await knowledge.write({ slug: "a", description: "One", body: "x" });
  expect(await readFile(join(dir, "index.md"), "utf8")).toContain("[a](pages/a.md)");
});

describe("a damaged page is reported once, and skipped", () => {
  const bomb = `---\na: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghi"
    .split("")
    .map((key, index) => `${key}: &${key} [${new Array(9).fill(`*${"abcdefgh"[index]}`).join(",")}]`)
    .join("\n")}\n---\n`;

  test.each<readonly [string, string | Buffer, RegExp]>([
    ["no YAML", "---\ntype: [\n---\n", /front matter is not YAML/],
    ["a key twice", "---\ntype: a\ntype: b\n---\n", /front matter is not YAML/],
    ["no end", "---\ntype: fact\n", /front matter has no end/],
    ["a list", "---\n- a\n---\n", /not a list of keys/],
    ["a bomb of aliases", bomb, /YAML aliases/],
    ["a head that is too long", `---\n${"# x\n".repeat(40_000)}---\n`, /front matter has no end/],
    ["brackets without end", `---\na: ${"[".repeat(30_000)}\n---\n`, /./],
    ["no text", Buffer.from([0x2d, 0xff, 0xfe]), /not UTF-8 text/],
    ["NUL characters", "a\0b", /not UTF-8 text/],
    ["a huge file", "x".repeat(1_048_577), /larger than 1 MiB/],
  ])("%s", async (_, content, message) => {
    await put("bad.md", content);
    await put("good.md", "fine");
    for (let round = 0; round < 3; round++)
      expect((await knowledge.list()).map(({ slug }) => slug)).toEqual(["good"]);
    expect(told()).toEqual([expect.stringMatching(message)]);
    expect(told()[0]).toMatch(/^bad.md is skipped: /);
    await put("bad.md", "repaired");
    expect(await knowledge.list()).toHaveLength(2);
  });

  test("links, pipes, folders and names that are no slugs", async () => {
    await put("good.md", "fine");
    await writeFile(join(dir, "secret.md"), "secret");
    await symlink("../secret.md", join(dir, "pages/link.md"));
    spawnSync("sh", ["-c", `mkfifo "$0"`, join(dir, "pages/pipe.md")]);
    await mkdir(join(dir, "pages/folder.md"));
    await put("No Slug.md", "x");
    await put("notes.txt", "x");
    for (let round = 0; round < 2; round++) expect(await knowledge.list()).toHaveLength(1);
    expect([...told()].sort()).toEqual([
      expect.stringMatching(/^No Slug.md is skipped: its name/),
      expect.stringMatching(/^folder.md is skipped: it is not a regular file/),
      expect.stringMatching(/^link.md is skipped: it is a link/),
      expect.stringMatching(/^pipe.md is skipped: it is not a regular file/),
    ]);
    expect(await knowledge.read("link")).toBeUndefined();
  });

  test("and can be written anew", async () => {
    await put("bad.md", "---\ntype: [\n---\n");
    expect(await knowledge.read("bad")).toBeUndefined();
    await knowledge.write({ slug: "bad", description: "good", body: "good" });
    expect((await knowledge.read("bad"))?.body).toBe("good");
  });
});

test("without onProblem a damaged page is a warning of the process", async () => {
  await put("bad.md", "---\n");
  const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
  await markdownKnowledge({ dir }).list();
  expect(await warned).toMatchObject({ code: "AGENTWERK_KNOWLEDGE_PAGE" });
});

test("clear removes the pages and nothing else", async () => {
  await put("a.md", "a");
  await put("b.md", "b");
  await put("bad.md", "---\n");
  expect(await knowledge.clear()).toBe(2);
  expect(await readdir(join(dir, "pages"))).toEqual(["bad.md"]);
  expect(await knowledge.clear()).toBe(0);
});

test("search finds words in scripts without spaces, beginnings of words and slight misspellings", async () => {
  await knowledge.write({ slug: "zh", description: "认证系统使用JWT令牌", body: "x" });
  await knowledge.write({ slug: "en", description: "Authentication", body: "x" });
  expect((await knowledge.search("认证"))[0]?.slug).toBe("zh");
  expect((await knowledge.search("authent"))[0]?.slug).toBe("en");
  expect((await knowledge.search("authentikation"))[0]?.slug).toBe("en");
});

test("a folder that is missing in the options is named", () => {
  expect(() => markdownKnowledge({ dir: "" })).toThrow(
    expect.objectContaining({ code: "invalid_input", field: "dir" }),
  );
});
