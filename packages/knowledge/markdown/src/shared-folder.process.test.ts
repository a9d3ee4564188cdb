import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { formatIndexFile } from "./format-index.ts";
import { markdownKnowledge } from "./markdown-knowledge.ts";

const program = fileURLToPath(new URL("./write-pages.program.ts", import.meta.url));
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "agentwerk-knowledge-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function start(name: string, pages: number): ReturnType<typeof spawn> {
  const args = ["--conditions=@agentwerk/source", program, dir, name, String(pages)];
  return spawn(process.execPath, args, { stdio: "inherit" });
}

test("processes that write at once lose no page, and leave an index that tells of all", async () => {
  const problems: unknown[] = [];
  const children = ["a", "b", "c"].map((name) => start(name, 20));
  const knowledge = markdownKnowledge({ dir, onProblem: (problem) => problems.push(problem) });
  let isRunning = true;
  const reading = (async () => {
    while (isRunning) {
      const page = await knowledge.read("shared");
      // One writer's page as a whole, never a mixture or a part.
      if (page !== undefined) expect(page.body).toBe(`${page.description.slice(3)} `.repeat(5_000).trim());
    }
  })();
  const ends = await Promise.all(children.map((child) => once(child, "exit")));
  isRunning = false;
  await reading;
  expect(ends.map(([code]) => code)).toEqual([0, 0, 0]);
  const list = await knowledge.list();
  expect(list).toHaveLength(3 * 16 + 1);
  expect(await readFile(join(dir, "index.md"), "utf8")).toBe(formatIndexFile(list));
  expect(problems).toEqual([]);
  expect((await readdir(dir)).sort()).toEqual(["index.md", "pages"]);
});

test("a process that is killed while it writes leaves whole pages, and the next write mends the index", async () => {
  const child = start("a", 10_000);
  const knowledge = markdownKnowledge({
    dir,
    onProblem: (problem) => {
      throw new Error(problem.message);
    },
  });
  while ((await knowledge.list()).length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
  await knowledge.write({ slug: "last", description: "After the crash", body: "x" });
  expect(await readFile(join(dir, "index.md"), "utf8")).toBe(formatIndexFile(await knowledge.list()));
});
